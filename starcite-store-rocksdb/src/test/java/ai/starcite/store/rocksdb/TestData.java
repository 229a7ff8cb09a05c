package ai.starcite.store.rocksdb;

import ai.starcite.Json;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SessionKey;
import ai.starcite.spi.SessionRecord;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.CRC32C;

/**
 * Sessions and segments to store. The segments have a header and a checksum like real ones, and
 * random bytes in place of events, which a store does not look at.
 */
final class TestData {
  private static final int HEADER = 80;
  private static final int MAGIC = 0x53435347;
  private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.000006Z");
  private static final long TIMEOUT_SECONDS = 60;

  private TestData() {}

  /** The key of a session of that id, with the same epoch every time. */
  static SessionKey key(String id) {
    return key(id, 1);
  }

  /** The key of one of several lives of a session. */
  static SessionKey key(String id, int life) {
    byte[] epoch = new byte[16];
    new Random(id.hashCode() * 31L + life).nextBytes(epoch);
    return new SessionKey(id, Base64.getUrlEncoder().withoutPadding().encodeToString(epoch));
  }

  static SessionRecord record(SessionKey key) {
    return new SessionRecord(
        key,
        Optional.of("title of " + key.id()),
        Json.parse("{\"kind\":\"test\"}"),
        TIME,
        TIME,
        1,
        false,
        false,
        UUID.randomUUID());
  }

  /** The next version of a record, with another title. */
  static SessionRecord retitled(SessionRecord record, String title) {
    return new SessionRecord(
        record.key(),
        Optional.of(title),
        record.metadata(),
        record.createdAt(),
        TIME.plusSeconds(record.version()),
        record.version() + 1,
        record.archived(),
        record.sealed(),
        UUID.randomUUID());
  }

  static Segment segment(long firstSeq, int count) {
    return segment(firstSeq, count, 32 * count, false, new Random());
  }

  static Segment sealing(long firstSeq, int count) {
    return segment(firstSeq, count, 32 * count, true, new Random());
  }

  static Segment segment(long firstSeq, int count, int bodyBytes, boolean seals, Random random) {
    byte[] body = new byte[bodyBytes];
    random.nextBytes(body);
    long micros = TIME.getEpochSecond() * 1_000_000;
    ByteBuffer bytes =
        ByteBuffer.allocate(HEADER + bodyBytes + Integer.BYTES)
            .putInt(MAGIC)
            .put((byte) 1)
            .put((byte) (seals ? 0x10 : 0))
            .putShort((short) HEADER)
            .putInt(HEADER + bodyBytes + Integer.BYTES)
            .putInt(count)
            .putLong(firstSeq)
            .putLong(0)
            .putLong(micros)
            .putLong(micros)
            .putLong(random.nextLong())
            .putLong(random.nextLong())
            .putLong(0)
            .putLong(0)
            .put(body);
    CRC32C crc = new CRC32C();
    crc.update(bytes.array(), 0, bytes.position());
    bytes.putInt((int) crc.getValue());
    return Segment.of(bytes.array());
  }

  /** Waits for a stage; a failure is thrown as it is. */
  static <T> T await(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new AssertionError(e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }
}
