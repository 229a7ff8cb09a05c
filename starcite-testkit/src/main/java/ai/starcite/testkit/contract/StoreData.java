package ai.starcite.testkit.contract;

import ai.starcite.Json;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SessionKey;
import ai.starcite.spi.SessionRecord;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * Makes sessions and segments to store. The segments have a header and a checksum like real ones,
 * and random bytes in place of events, which a store does not read.
 */
public final class StoreData {
  private static final int HEADER = 80;
  private static final int MAGIC = 0x53435347;
  private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.000006Z");
  private static final long TIMEOUT_SECONDS = 60;

  /** Valid ids that a store might confuse with each other or with its own keys. */
  static final List<String> HOSTILE_IDS =
      Stream.of(
              List.of(
                  ("../x a A a/b ab a%2Fb a_b .. . ./. / /a a/ a. \\ a\\b C:\\x CON con nul.txt"
                          + " %2e%2e%2f % %00 * ? a?b=c&d#e ' \" ~ -rf <a>&amp; ${x} {} null 0 00"
                          + " 1 ses_")
                      .split(" ")),
              List.of(
                  ("\u00e9 e\u0301 \u00df ss SS i \u0131 \u0130 K k \u212A \uFFFD \uFFFF \uE000"
                          + " \uFEFF \uFEFFa \u200B \u2028 \u00A0 a\u00FF a\u00FFb \uD800\uDC00"
                          + " \uD83D\uDE00 \uD83D\uDE00b \uD83D\uDE00\uD83D\uDE00 \uDBFF\uDFFF")
                      .split(" ")),
              List.of(" ", "  ", "a b", " a", "a ", "\"; --", "'; drop table sessions; --"),
              List.of("x".repeat(256), "x".repeat(255) + "y", "\uD83D\uDE00".repeat(64)))
          .flatMap(List::stream)
          .toList();

  private StoreData() {}

  /**
   * Returns the key of a session, with the same incarnation every time.
   *
   * @param id the session's id
   * @return the key
   */
  public static SessionKey key(String id) {
    return key(id, 1);
  }

  /**
   * Returns the key of one of several lives of a session.
   *
   * @param id the session's id
   * @param life which one; the same gives the same incarnation
   * @return the key
   */
  public static SessionKey key(String id, int life) {
    byte[] incarnation = new byte[16];
    new Random(id.hashCode() * 31L + life).nextBytes(incarnation);
    return new SessionKey(id, Base64.getUrlEncoder().withoutPadding().encodeToString(incarnation));
  }

  /**
   * Returns a record of version 1, as it is created.
   *
   * @param key the session's key
   * @return a record with a title, metadata, and a token of its own
   */
  public static SessionRecord record(SessionKey key) {
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

  /**
   * Returns the next version of a record, with another title.
   *
   * @param record the version before
   * @param title the title
   * @return a record with a token of its own
   */
  public static SessionRecord retitled(SessionRecord record, String title) {
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

  /**
   * Returns a segment of random events.
   *
   * @param firstSeq where it begins
   * @param count the number of events
   * @return a segment with a token of its own
   */
  public static Segment segment(long firstSeq, int count) {
    return segment(firstSeq, count, 32 * count, false, new Random());
  }

  /**
   * Returns a segment that seals.
   *
   * @param firstSeq where it begins
   * @param count the number of events, maybe none
   * @return a segment with a token of its own
   */
  public static Segment sealing(long firstSeq, int count) {
    return segment(firstSeq, count, 32 * count, true, new Random());
  }

  /**
   * Returns a segment of a given size.
   *
   * @param firstSeq where it begins
   * @param count the number of events
   * @param bodyBytes how long it is, without the 84 bytes of header and checksum
   * @param seals whether it seals
   * @param random where token and content come from
   * @return the segment
   */
  public static Segment segment(
      long firstSeq, int count, int bodyBytes, boolean seals, Random random) {
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

  /**
   * Waits for a stage.
   *
   * @param stage what a store has answered
   * @param <T> the type of the answer
   * @return the answer; the failure of the stage is thrown as it is
   */
  public static <T> T await(CompletionStage<T> stage) {
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
