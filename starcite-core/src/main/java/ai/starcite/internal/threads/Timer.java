package ai.starcite.internal.threads;

/** Runs tasks later, on a thread that runs no code of users. Thread-safe. */
public interface Timer {
  /**
   * Runs a task once after a while. Never throws, whatever goes wrong: what cannot be scheduled now
   * is tried again. After the log has closed, tasks are dropped.
   */
  void after(long nanos, Runnable task);
}
