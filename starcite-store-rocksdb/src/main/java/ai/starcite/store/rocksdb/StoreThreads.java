package ai.starcite.store.rocksdb;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * The threads of a store: the committer and a few readers. Platform threads, since native code
 * would pin virtual ones. The committer's thread ends last and releases what all of them used.
 */
final class StoreThreads {
  private static final long IDLE_SECONDS = 10;
  private static final String PREFIX = "starcite-rocksdb-";

  private final AtomicInteger readerNumber = new AtomicInteger();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final ThreadPoolExecutor readers;

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
    readers =
        new ThreadPoolExecutor(
            readerThreads,
            readerThreads,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> new Owned(task, "reader-" + readerNumber.incrementAndGet()));
    readers.allowCoreThreadTimeOut(true);
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
                awaitReaders();
                release.run();
                ended.countDown();
              }
            },
            "committer")
        .start();
  }

  /** Runs something on a reader's thread. */
  <T> CompletionStage<T> read(Supplier<T> reading) {
    CompletableFuture<T> stage = new CompletableFuture<>();
    try {
      readers.execute(
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
    readers.shutdown();
    awaitUninterruptibly(() -> readers.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS));
  }

  /** Ends the readers and waits for the committer's end, unless on a thread that this waits for. */
  void end() {
    readers.shutdown();
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
