package ai.starcite.internal.threads;

import java.util.concurrent.locks.LockSupport;

/**
 * How a log tells how much time has passed, and how its callers wait. A simulation brings its own,
 * so that it can run many logs on one thread. Thread-safe.
 */
public interface Waits {
  /** Real time, and threads that park. */
  Waits SYSTEM =
      new Waits() {
        @Override
        public long nanoTime() {
          return System.nanoTime();
        }

        @Override
        public void park(Object blocker, long nanos) {
          if (nanos == Long.MAX_VALUE) {
            LockSupport.park(blocker);
          } else {
            LockSupport.parkNanos(blocker, nanos);
          }
        }
      };

  /** A time in nanoseconds, to be compared with others only. */
  long nanoTime();

  /**
   * Waits until the calling thread is unparked or interrupted, or the time has passed. May return
   * for no reason.
   *
   * @param blocker what is waited at, for diagnosis
   * @param nanos how long at the most; {@code Long.MAX_VALUE} for no limit
   */
  void park(Object blocker, long nanos);
}
