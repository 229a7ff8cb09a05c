package ai.starcite.internal.append;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Tells callers how their appends ended: a blocked thread directly, which runs no user code, a
 * future on the executor, which may. Counts the appends that are not answered, so that a close can
 * wait for them. Thread-safe.
 */
public final class Answers {
  private final Executor executor;
  private final AtomicLong outstanding = new AtomicLong();
  private volatile @Nullable Thread waiter;

  /** Answers whose futures complete on an executor. */
  public Answers(Executor executor) {
    this.executor = executor;
  }

  /** Counts an append that is under way. */
  void expectOne() {
    outstanding.incrementAndGet();
  }

  /** Tells the callers of ops that are done. */
  void deliver(List<AppendOp> done) {
    if (done.isEmpty()) {
      return;
    }
    List<AppendOp> futures = new ArrayList<>();
    for (AppendOp op : done) {
      if (op.isAsync()) {
        futures.add(op);
      } else {
        op.wake();
      }
    }
    if (!futures.isEmpty()) {
      execute(() -> futures.forEach(AppendOp::wake));
    }
    Thread waiting = waiter;
    if (outstanding.addAndGet(-done.size()) == 0 && waiting != null) {
      LockSupport.unpark(waiting);
    }
  }

  /** Runs something on the executor, or here if that takes no more. */
  void execute(Runnable task) {
    try {
      executor.execute(task);
    } catch (RejectedExecutionException e) {
      task.run();
    }
  }

  /** Waits until all are answered; false if the deadline passed or the thread was interrupted. */
  public boolean awaitAll(long deadline) {
    waiter = Thread.currentThread();
    while (outstanding.get() != 0) {
      long left = deadline - System.nanoTime();
      if (left <= 0 || Thread.currentThread().isInterrupted()) {
        return false;
      }
      LockSupport.parkNanos(this, left);
    }
    return true;
  }
}
