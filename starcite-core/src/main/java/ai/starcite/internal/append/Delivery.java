package ai.starcite.internal.append;

import ai.starcite.internal.Divisible;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Completes the futures of ops that have ended, one after the other. */
final class Delivery implements Divisible {
  private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

  /** The bytes of ops whose futures are not completed yet. */
  private final AtomicLong undelivered;

  private EndedOps futures;

  Delivery(EndedOps futures, AtomicLong undelivered) {
    this.futures = futures;
    this.undelivered = undelivered;
  }

  @Override
  public void run() {
    for (AppendOp op = next(); op != null; op = next()) {
      try {
        op.complete();
      } catch (RuntimeException | Error e) {
        LOG.warn("a callback of an append failed", e);
      } finally {
        undelivered.addAndGet(-op.charge);
      }
    }
  }

  private synchronized @Nullable AppendOp next() {
    return futures.poll();
  }

  @Override
  public synchronized @Nullable Divisible rest() {
    if (futures.isEmpty()) {
      return null;
    }
    Delivery rest = new Delivery(futures, undelivered);
    futures = new EndedOps();
    return rest;
  }
}
