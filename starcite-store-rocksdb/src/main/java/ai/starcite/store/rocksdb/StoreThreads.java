package ai.starcite.store.rocksdb;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * The threads of a store: the committer, a few readers, and one that lists. Platform threads, since
 * native code would pin virtual ones. The committer's thread ends last and releases what all of
 * them used.
 */
final class StoreThreads {
  private static final long IDLE_SECONDS = 10;
  private static final String PREFIX = "starcite-rocksdb-";

  private final AtomicInteger readerNumber = new AtomicInteger();
  private final AtomicInteger listerNumber = new AtomicInteger();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final ThreadPoolExecutor readers;
  private final ThreadPoolExecutor lister;

  /** A thread that knows whose it is. */
  private final class Owned extends Thread {
    Owned(Runnable task, String name) {
      super(task, PREFIX + name);
      setDaemon(true);
    }

    StoreThreads owner() {
      return StoreThreads.this;
    }
  }

  StoreThreads(int readerThreads) {
    readers = pool(readerThreads, task -> named(task, "reader-", readerNumber));
    lister = pool(1, task -> named(task, "lister-", listerNumber));
  }

  private static ThreadPoolExecutor pool(int threads, ThreadFactory factory) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory);
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  private Thread named(Runnable task, String name, AtomicInteger number) {
    return new Owned(task, name + number.incrementAndGet());
  }

  /**
   * Starts the committer.
   *
   * @param release runs after the committer and the readers have ended
   */
  void start(Runnable committer, Runnable release) {
    new Owned(
            () -> {
              try {
                committer.run();
              } finally {
                try {
                  awaitReaders();
                  release.run();
                } finally {
                  ended.countDown();
                }
              }
            },
            "committer")
        .start();
  }

  /** Runs something on a reader's thread. */
  <T> CompletionStage<T> read(Supplier<T> reading) {
    return run(readers, reading);
  }

  /** Runs a long scan on a thread that no other reads wait for. */
  <T> CompletionStage<T> list(Supplier<T> reading) {
    return run(lister, reading);
  }

  private static <T> CompletionStage<T> run(ThreadPoolExecutor threads, Supplier<T> reading) {
    CompletableFuture<T> stage = new CompletableFuture<>();
    try {
      threads.execute(
          () -> {
            try {
              stage.complete(reading.get());
            } catch (RuntimeException | Error e) {
              stage.completeExceptionally(e);
            }
          });
    } catch (RejectedExecutionException e) {
      stage.completeExceptionally(Failures.closed());
    }
    return stage;
  }

  private void awaitReaders() {
    for (ThreadPoolExecutor each : List.of(readers, lister)) {
      each.shutdown();
      awaitUninterruptibly(() -> each.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS));
    }
  }

  /** Ends the readers and waits for the committer's end, unless on a thread that this waits for. */
  void end() {
    readers.shutdown();
    lister.shutdown();
    if (!(Thread.currentThread() instanceof Owned thread && thread.owner() == this)) {
      awaitUninterruptibly(() -> ended.await(Long.MAX_VALUE, TimeUnit.NANOSECONDS));
    }
  }

  private interface Wait {
    boolean await() throws InterruptedException;
  }

  private static void awaitUninterruptibly(Wait wait) {
    boolean interrupted = false;
    boolean done = false;
    while (!done) {
      try {
        done = wait.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
