package ai.starcite.store.s3.internal.client;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of a store: one for timers, and a few that handle answers, so that the SDK's own
 * threads are free for the next one. All are daemons.
 */
public final class S3Threads {
  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();
  private static final int ANSWER_THREADS = Math.max(2, Math.min(4, PROCESSORS));
  private static final long IDLE_SECONDS = 10;
  private static final Duration END_WAIT = Duration.ofSeconds(1);

  private final ScheduledThreadPoolExecutor timer;
  private final ThreadPoolExecutor answers;

  /** A thread that knows the store it belongs to. */
  private final class Owned extends Thread {
    Owned(Runnable task, String name) {
      super(task, name);
      setDaemon(true);
    }

    S3Threads owner() {
      return S3Threads.this;
    }
  }

  public S3Threads() {
    timer = new ScheduledThreadPoolExecutor(1, factory("timer"));
    timer.setRemoveOnCancelPolicy(true);
    answers =
        new ThreadPoolExecutor(
            ANSWER_THREADS,
            ANSWER_THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            factory("answers"),
            // After the end, the thread that has an answer passes it on.
            (task, pool) -> task.run());
    answers.allowCoreThreadTimeOut(true);
  }

  /** Returns a factory for threads of this store. */
  ThreadFactory factory(String name) {
    AtomicInteger number = new AtomicInteger();
    return task -> new Owned(task, "starcite-s3-" + name + "-" + number.incrementAndGet());
  }

  public ScheduledExecutorService timer() {
    return timer;
  }

  Executor answers() {
    return answers;
  }

  /**
   * Returns whether the caller runs on one of these threads, and so must not wait for their end.
   */
  boolean areCurrent() {
    return Thread.currentThread() instanceof Owned thread && thread.owner() == this;
  }

  /** Ends the threads, and waits briefly for that unless called on one of them. */
  public void end() {
    timer.shutdownNow();
    answers.shutdown();
    if (!areCurrent()) {
      try {
        // Callbacks of users may run for any time.
        long end = System.nanoTime() + END_WAIT.toNanos();
        timer.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        answers.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
