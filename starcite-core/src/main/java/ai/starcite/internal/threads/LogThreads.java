package ai.starcite.internal.threads;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of a log: a small pool that completes futures, one that wakes tails, and one that
 * keeps time. The last two run no code of users. One of each starts with the log, so that it works
 * on when no more threads can be had, and none ends by what it runs. Those that the user gave stay
 * the user's.
 */
public final class LogThreads {
  private static final Logger LOG = LoggerFactory.getLogger(LogThreads.class);

  private static final int OBSERVER_CALLS = 10_000;

  /** How long the last tasks may take together when the time for closing is over already. */
  private static final long LAST_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Waits waits;
  private final ThreadMark mark = new ThreadMark();
  private final LogTimer timer;
  private final Callbacks callbacks;
  private final @Nullable ThreadPoolExecutor wakerPool;
  private final Executor waker;
  private final @Nullable ThreadPoolExecutor observerPool;

  /**
   * Starts the threads.
   *
   * @param executor the user's, or null for a pool of the log's own
   * @param scheduler the user's, or null for a thread of the log's own
   * @param observed whether there is an observer to be called
   */
  public LogThreads(
      Waits waits,
      @Nullable Executor executor,
      @Nullable ScheduledExecutorService scheduler,
      boolean observed) {
    this.waits = waits;
    timer = new LogTimer(scheduler, mark.factory("starcite-timer-"));
    try {
      callbacks = new Callbacks(executor, mark.factory("starcite-callback-"), timer, waits);
    } catch (RuntimeException | Error e) {
      timer.close();
      throw e;
    }
    try {
      // A simulation has no threads but its own.
      wakerPool = waits == Waits.SYSTEM ? pool("starcite-waker-") : null;
    } catch (RuntimeException | Error e) {
      timer.close();
      callbacks.close(0);
      throw e;
    }
    waker = task -> wake(wakerPool == null ? callbacks : wakerPool, task);
    observerPool = wakerPool == null || !observed ? null : observerPool();
  }

  private ThreadPoolExecutor observerPool() {
    return new ThreadPoolExecutor(
        1,
        1,
        0,
        TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(OBSERVER_CALLS),
        mark.factory("starcite-observer-"));
  }

  private ThreadPoolExecutor pool(String prefix) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), mark.factory(prefix));
    pool.prestartCoreThread();
    return pool;
  }

  private static void wake(Executor executor, Runnable task) {
    try {
      executor.execute(() -> guarded(task));
    } catch (RuntimeException | Error e) {
      // The log is closing, or memory is short: it is quick, and runs no code of users.
      guarded(task);
    }
  }

  private static void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      LOG.error("a task of the log failed unexpectedly", e);
    }
  }

  /** Wakes many tails; apart, so that no callback of a user can hold them up. Never throws. */
  public Executor waker() {
    return waker;
  }

  /** Calls the observer, in order; refuses what is too much, and drops what is too late. */
  public Executor observer() {
    ThreadPoolExecutor pool = observerPool;
    return pool == null
        ? Runnable::run
        : task -> {
          if (!pool.isShutdown()) {
            pool.execute(task);
          }
        };
  }

  /** Completes futures, and so runs the code of users. Never throws. */
  public Executor callbacks() {
    return callbacks;
  }

  /** Runs time-outs and retries. */
  public Timer timer() {
    return timer;
  }

  /** Whether the calling thread is the log's own, or runs a callback of the log. */
  public boolean areOnThisOne() {
    return mark.isCurrent() || callbacks.isRunningOne();
  }

  /**
   * Ends the log's own threads, after what they have to do, for which it waits up to the deadline
   * or a last second; does not wait for the calling one.
   */
  public void close(long deadline) {
    long now = waits.nanoTime();
    long end = now + Math.max(LAST_NANOS, deadline - now);
    ExecutorService clock = timer.close();
    if (wakerPool != null) {
      wakerPool.shutdown();
    }
    callbacks.close(end - waits.nanoTime());
    if (observerPool != null) {
      observerPool.shutdown();
    }
    if (mark.isCurrent()) {
      return;
    }
    if (observerPool != null) {
      awaitTermination(observerPool, end - waits.nanoTime());
      observerPool.shutdownNow();
    }
    if (wakerPool != null) {
      awaitTermination(wakerPool, end - waits.nanoTime());
    }
    if (clock != null) {
      awaitTermination(clock, end - waits.nanoTime());
    }
  }

  /** Waits for a latch, interrupted or not. */
  public static void await(CountDownLatch latch) {
    boolean interrupted = false;
    while (latch.getCount() > 0) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for a pool to end, interrupted or not. */
  static void awaitTermination(ExecutorService pool, long nanos) {
    long deadline = System.nanoTime() + nanos;
    boolean interrupted = false;
    while (true) {
      try {
        pool.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        break;
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
