package ai.starcite.internal.commit;

import ai.starcite.LogObserver;
import ai.starcite.internal.Limits;
import ai.starcite.internal.append.AppendTimeouts;
import ai.starcite.internal.append.ByteBudget;
import ai.starcite.internal.append.Completions;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the open sessions of a log share. */
public record CommitContext(
    SegmentStore store,
    boolean shared,
    int maxProducers,
    ByteBudget budget,
    InstantSource clock,
    RandomGenerator random,
    Completions completions,
    Executor waker,
    Timer timer,
    LogObserver observer,
    AppendTimeouts timeouts,
    AtomicInteger polled,
    Waits waits) {

  private static final Logger LOG = LoggerFactory.getLogger(CommitContext.class);
  private static final int TOKEN_BYTES = 16;

  /** How long to wait after a segment with the next one: what the store wishes now. */
  long lingerNanos() {
    try {
      return Limits.nanos(store.capabilities().linger());
    } catch (RuntimeException | Error e) {
      LOG.debug("the store does not say how long to linger, so nothing lingers", e);
      return 0;
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
