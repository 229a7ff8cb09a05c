package ai.starcite.internal.append;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.internal.threads.Waits;
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
public final class Completions {
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

  /** Ops whose futures could not be handed over. Guarded by itself. */
  private final EndedCalls left = new EndedCalls();

  private volatile boolean someLeft;

  private volatile @Nullable Thread waiter;
  private volatile @Nullable SessionLogException refusal;

  /** Answers whose futures complete on an executor, which takes whatever it is given. */
  public Completions(Executor executor, Waits waits) {
    this.waits = waits;
    this.executor = executor;
  }

  /**
   * Counts an append that is under way.
   *
   * @throws SessionLogException {@code CLOSED} if no more are taken
   */
  public void expectOne() {
    // Counted first, so that a close either waits for it or is seen.
    outstanding.incrementAndGet();
    SessionLogException refused = refusal;
    if (refused != null) {
      answered(1);
      throw refused;
    }
  }

  /** Counts appends that are under way no more. */
  public void answered(int many) {
    if (outstanding.addAndGet(-many) == 0) {
      // Read afterwards: a waiter that is there by now has counted before, or is woken.
      LockSupport.unpark(waiter);
    }
  }

  /** Ends a call that no session has, because an unexpected error stopped it on its way to one. */
  public void endLost(AppendCall call, Throwable error, ByteBudget budget) {
    if (call.fail(unexpected(error))) {
      call.release(budget);
      EndedCalls ended = new EndedCalls();
      ended.add(call);
      EndedCalls futures = new EndedCalls();
      wake(ended, futures);
      complete(futures);
    }
  }

  /** The failure of an append that an error stopped before it reached the store. */
  public static SessionLogException unexpected(Throwable error) {
    return new SessionLogException(
        Code.STORE_UNAVAILABLE,
        "the append failed unexpectedly before it reached the store; this attempt wrote nothing;"
            + " see the cause, then retry",
        error);
  }

  /** Wakes the callers that are blocked for ops that are done, and collects those with futures. */
  public void wake(EndedCalls done, EndedCalls futures) {
    for (AppendCall op = done.poll(); op != null; op = done.poll()) {
      op.wake();
      if (op.isAsync()) {
        futures.add(op);
      } else {
        answered(1);
      }
    }
  }

  /** Completes futures on the executor; those of before too which could not be handed over. */
  public void complete(EndedCalls futures) {
    if (!futures.isEmpty()) {
      undelivered.addAndGet(futures.charge());
      handOver(futures);
    }
    handOverLeft();
  }

  private void handOver(EndedCalls futures) {
    int many = futures.size();
    boolean first = false;
    boolean counted = false;
    try {
      first = handingOver.add(Thread.currentThread());
      Delivery delivery = new Delivery(futures, undelivered);
      // Before they complete, since a callback may close the log, which waits for what is under
      // way.
      counted = true;
      answered(many);
      executor.execute(delivery);
    } catch (RuntimeException | Error e) {
      // For want of memory: kept without taking any, and handed over with the next ones.
      if (!counted) {
        answered(many);
      }
      keep(futures);
    } finally {
      if (first) {
        handingOver.remove(Thread.currentThread());
        LockSupport.unpark(waiter);
      }
    }
  }

  private void handOverLeft() {
    if (!someLeft) {
      return;
    }
    EndedCalls again = null;
    try {
      again = new EndedCalls();
      Delivery delivery = new Delivery(again, undelivered);
      synchronized (left) {
        again.addAll(left);
        someLeft = false;
      }
      executor.execute(delivery);
    } catch (RuntimeException | Error e) {
      if (again != null) {
        keep(again);
      }
    }
  }

  private void keep(EndedCalls futures) {
    synchronized (left) {
      left.addAll(futures);
      someLeft = true;
    }
  }

  /** The bytes of the events that were appended whose futures wait for the executor. */
  public long undelivered() {
    return undelivered.get();
  }

  /** Takes no more. */
  public void refuse(SessionLogException closed) {
    refusal = closed;
  }

  /** Whether no more are taken, so that nothing should wait for others. */
  public boolean areClosing() {
    return refusal != null;
  }

  /**
   * Waits until all are answered, and their futures with the executor, or the deadline passes,
   * interrupted or not; once no more are taken.
   */
  public void await(long deadline) {
    waiter = Thread.currentThread();
    handOverLeft();
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
