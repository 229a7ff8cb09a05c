package ai.starcite.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of a log: a small pool that completes futures, and one that keeps time. Both start
 * when they are needed, and end when they are idle or the log closes. Those that the user gave stay
 * his.
 */
final class LogThreads {
  private static final long IDLE_SECONDS = 10;

  /** How long the last tasks may take together when the time for closing is over already. */
  private static final long LAST_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Executor executor;
  private final ScheduledExecutorService scheduler;
  private final Executor waker;
  private final Waits waits;
  private final List<ExecutorService> own = new ArrayList<>();
  private final ThreadMark mark = new ThreadMark();

  LogThreads(LogSettings settings) {
    waits = settings.waits();
    Executor givenExecutor = settings.executor();
    ScheduledExecutorService givenScheduler = settings.scheduler();
    if (givenExecutor != null) {
      executor = givenExecutor;
    } else {
      // Its queue is bounded by the bytes of what it is to deliver: see Appender.
      executor =
          pool(Math.max(2, Runtime.getRuntime().availableProcessors()), "starcite-callback-");
    }
    // A simulation has no threads but its own.
    waker = waits == Waits.SYSTEM ? pool(1, "starcite-waker-") : executor;
    if (givenScheduler != null) {
      scheduler = givenScheduler;
    } else {
      ScheduledThreadPoolExecutor timer =
          new ScheduledThreadPoolExecutor(1, mark.factory("starcite-timer-"));
      timer.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
      timer.allowCoreThreadTimeOut(true);
      timer.setRemoveOnCancelPolicy(true);
      timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
      own.add(timer);
      scheduler = timer;
    }
  }

  private Executor pool(int threads, String prefix) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            mark.factory(prefix));
    pool.allowCoreThreadTimeOut(true);
    own.add(pool);
    return pool;
  }

  /** Wakes many tails; apart, so that no callback of a user can hold them up. */
  Executor waker() {
    return waker;
  }

  /** Completes futures, and so runs the code of users. */
  Executor executor() {
    return executor;
  }

  /** Runs time-outs and retries. */
  ScheduledExecutorService scheduler() {
    return scheduler;
  }

  /**
   * Ends the log's own threads, after what they have to do, for which it waits up to the deadline
   * or a last second; does not wait for the calling one.
   */
  void close(long deadline) {
    own.forEach(ExecutorService::shutdown);
    if (mark.isCurrent()) {
      return;
    }
    boolean interrupted = false;
    long now = waits.nanoTime();
    long end = now + Math.max(LAST_NANOS, deadline - now);
    for (ExecutorService each : own) {
      try {
        each.awaitTermination(end - waits.nanoTime(), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Knows the threads that it made. */
  private static final class ThreadMark {
    private final AtomicInteger count = new AtomicInteger();
    private final ThreadLocal<Boolean> current = new ThreadLocal<>();

    ThreadFactory factory(String prefix) {
      return task -> {
        Thread thread =
            new Thread(
                () -> {
                  current.set(true);
                  task.run();
                },
                prefix + count.incrementAndGet());
        thread.setDaemon(true);
        return thread;
      };
    }

    boolean isCurrent() {
      return current.get() != null;
    }
  }
}
