package ai.starcite.internal.append;

import ai.starcite.SessionLogException;
import ai.starcite.internal.Waits;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
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
  private final Waits waits;
  private final AtomicLong outstanding = new AtomicLong();

  /** The bytes of ops that have ended, and whose futures are not completed yet. */
  private final AtomicLong undelivered = new AtomicLong();

  /**
   * The threads that hand futures over to the executor: what they have is not counted as under way
   * any more, and the executor, which a close ends, does not have it yet.
   */
  private final Set<Thread> handingOver = ConcurrentHashMap.newKeySet();

  private volatile @Nullable Thread waiter;
  private volatile @Nullable SessionLogException refusal;

  /** Answers whose futures complete on an executor, which takes whatever it is given. */
  public Answers(Executor executor, Waits waits) {
    this.waits = waits;
    this.executor = executor;
  }

  /**
   * Counts an append that is under way.
   *
   * @throws SessionLogException {@code CLOSED} if no more are taken
   */
  void expectOne() {
    // Counted first, so that a close either waits for it or is seen.
    outstanding.incrementAndGet();
    SessionLogException refused = refusal;
    if (refused != null) {
      answered(1);
      throw refused;
    }
  }

  /** Counts appends that are under way no more. */
  void answered(int many) {
    if (outstanding.addAndGet(-many) == 0) {
      // Read afterwards: whoever is there by now has counted before, or is woken.
      LockSupport.unpark(waiter);
    }
  }

  /** Wakes the callers that are blocked for ops that are done, and collects those with futures. */
  void wake(EndedOps done, EndedOps futures) {
    for (AppendOp op = done.poll(); op != null; op = done.poll()) {
      op.wake();
      if (op.isAsync()) {
        futures.add(op);
      } else {
        answered(1);
      }
    }
  }

  /** Completes futures on the executor. */
  void complete(EndedOps futures) {
    if (futures.isEmpty()) {
      return;
    }
    undelivered.addAndGet(futures.charge());
    boolean first = handingOver.add(Thread.currentThread());
    try {
      // Before they complete, since a callback may close the log, which waits for what is under
      // way.
      answered(futures.size());
      executor.execute(new Delivery(futures, undelivered));
    } finally {
      if (first) {
        handingOver.remove(Thread.currentThread());
        LockSupport.unpark(waiter);
      }
    }
  }

  /** The bytes of the events that were appended whose futures wait for the executor. */
  long undelivered() {
    return undelivered.get();
  }

  /** Takes no more. */
  public void refuse(SessionLogException closed) {
    refusal = closed;
  }

  /** Whether no more are taken, so that nothing should wait for others. */
  boolean areClosing() {
    return refusal != null;
  }

  /**
   * Waits until all are answered, and their futures with the executor, or the deadline passes,
   * interrupted or not; once no more are taken.
   */
  public void await(long deadline) {
    waiter = Thread.currentThread();
    boolean interrupted = false;
    while (outstanding.get() != 0 || othersHandOver()) {
      long left = deadline - waits.nanoTime();
      if (left <= 0) {
        break;
      }
      waits.park(this, left);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Not this thread: it may close the log in a callback, on an executor that runs it at once. */
  private boolean othersHandOver() {
    for (Thread each : handingOver) {
      if (each != Thread.currentThread()) {
        return true;
      }
    }
    return false;
  }
}
