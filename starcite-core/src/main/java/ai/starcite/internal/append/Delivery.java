package ai.starcite.internal.append;

import ai.starcite.internal.threads.Divisible;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Completes the futures of ops that have ended, one after the other. */
final class Delivery implements Divisible {
  private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

  private static final int MOST_TRIES = 100;
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  /** The bytes of ops whose futures are not completed yet. */
  private final AtomicLong undelivered;

  private EndedCalls futures;

  Delivery(EndedCalls futures, AtomicLong undelivered) {
    this.futures = futures;
    this.undelivered = undelivered;
  }

  @Override
  public void run() {
    for (AppendCall op = next(); op != null; op = next()) {
      try {
        complete(op);
      } finally {
        undelivered.addAndGet(-op.charge());
      }
    }
  }

  /** Completes a future. What failed for want of memory is tried again: nobody else does it. */
  private static void complete(AppendCall op) {
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      try {
        op.complete();
        return;
      } catch (RuntimeException | Error e) {
        warn(e);
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  private static void warn(Throwable failure) {
    try {
      LOG.warn("a callback of an append failed", failure);
    } catch (RuntimeException | Error e) {
      // There is no memory to say so either; the futures after this one must not pay for it.
    }
  }

  private synchronized @Nullable AppendCall next() {
    return futures.poll();
  }

  @Override
  public synchronized @Nullable Divisible rest() {
    if (futures.isEmpty()) {
      return null;
    }
    Delivery rest = new Delivery(futures, undelivered);
    futures = new EndedCalls();
    return rest;
  }
}
