package ai.starcite.internal.commit;

import ai.starcite.LogObserver;
import ai.starcite.internal.Limits;
import ai.starcite.internal.append.AppendCall;
import ai.starcite.internal.append.AppendTimeouts;
import ai.starcite.internal.append.ByteBudget;
import ai.starcite.internal.append.Completions;
import ai.starcite.internal.append.EndedCalls;
import ai.starcite.internal.threads.Timer;
import ai.starcite.internal.threads.Waits;
import ai.starcite.spi.SegmentStore;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/** What the writers of a log share. */
public record CommitContext(
    SegmentStore store,
    boolean shared,
    int maxProducers,
    ByteBudget budget,
    InstantSource clock,
    RandomGenerator random,
    Completions answers,
    Executor waker,
    Timer timer,
    LogObserver observer,
    AppendTimeouts deadlines,
    AtomicInteger polls,
    Waits waits) {

  private static final int TOKEN_BYTES = 16;

  /** How long to wait after a segment with the next one, as the store wants it now. */
  long lingerNanos() {
    try {
      return Limits.nanos(store.capabilities().linger());
    } catch (RuntimeException | Error e) {
      // A wish of the store's, no more.
      return 0;
    }
  }

  /** Ends an op that no session has, which only an error that nobody foresaw brings about. */
  public void endLost(AppendCall op, Throwable error) {
    if (op.fail(CallOutcomes.unexpected(error))) {
      if (op.share != null) {
        budget.release(op.share, op.charge);
        op.share = null;
      }
      EndedCalls ended = new EndedCalls();
      ended.add(op);
      EndedCalls futures = new EndedCalls();
      answers.wake(ended, futures);
      answers.complete(futures);
    }
  }

  /** A segment's token. Drawn at once, since a SecureRandom takes a lock each time. */
  UUID randomToken() {
    byte[] bits = new byte[TOKEN_BYTES];
    random.nextBytes(bits);
    ByteBuffer longs = ByteBuffer.wrap(bits).order(ByteOrder.LITTLE_ENDIAN);
    return new UUID(longs.getLong(), longs.getLong());
  }

  long nowMicros() {
    Instant now = clock.instant();
    return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
  }
}
