package ai.starcite.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.internal.segment.Checksum;
import ai.starcite.internal.segment.SegmentWriter;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The encoding of session records; see docs/format.md. */
class SessionRecordTest {
  private static final SessionRecord FULL =
      new SessionRecord(
          new SessionKey("../a/\u00e9\ud83d\ude00", "AAECAwQFBgcICQoLDA0ODw"),
          Optional.of("A title"),
          Json.parse("{ \"k\" : [1.0, null] }"),
          Instant.parse("2026-01-31T12:00:00.000001Z"),
          Instant.parse("2026-02-28T23:59:59.999999Z"),
          42,
          true,
          true,
          new UUID(1, -1));
  private static final SessionRecord BARE =
      new SessionRecord(
          new SessionKey("s", "AAAAAAAAAAAAAAAAAAAAAA"),
          Optional.empty(),
          Json.parse("{}"),
          Instant.EPOCH,
          Instant.EPOCH,
          1,
          false,
          false,
          new UUID(0, 0));

  /** What {@link #BARE} was stored as when format 1 was made. */
  private static final String STORED =
      "0100"
          + "000173"
          + "0016"
          + "41".repeat(22)
          + "00".repeat(16)
          + "0000000000000001"
          + "00".repeat(16)
          + "000000027b7d";

  private static byte[] withChecksum(byte[] body) {
    return ByteBuffer.allocate(body.length + Integer.BYTES)
        .put(body)
        .putInt(Checksum.crc32c(body))
        .array();
  }

  private static byte[] bodyOf(SessionRecord record) {
    byte[] bytes = record.toBytes();
    return Arrays.copyOf(bytes, bytes.length - Integer.BYTES);
  }

  private static SessionLogException corrupt(byte[] bytes) {
    SessionLogException failure =
        catchThrowableOfType(SessionLogException.class, () -> SessionRecord.fromBytes(bytes));
    assertThat(failure).isNotNull();
    assertThat(failure.code()).isEqualTo(Code.CORRUPT);
    return failure;
  }

  @Test
  @DisplayName("SES-3: a record comes back as it was stored")
  void roundTrip() {
    SessionRecord archived =
        new SessionRecord(
            FULL.key(),
            Optional.of("\u0000\ud83d\ude00".repeat(512)),
            FULL.metadata(),
            Instant.parse("1969-12-31T23:59:59.999999Z"),
            FULL.updatedAt(),
            Long.MAX_VALUE,
            true,
            false,
            FULL.token());
    for (SessionRecord record : new SessionRecord[] {FULL, BARE, archived}) {
      SessionRecord read = SessionRecord.fromBytes(record.toBytes());

      assertThat(read).isEqualTo(record);
      assertThat(read.metadata().bytes()).isEqualTo(record.metadata().bytes());
    }
  }

  @Test
  @DisplayName("SES-3: a record is stored, and read, as it always was")
  void golden() {
    byte[] stored = withChecksum(HexFormat.of().parseHex(STORED));

    assertThat(BARE.toBytes()).isEqualTo(stored);
    assertThat(SessionRecord.fromBytes(stored)).isEqualTo(BARE);
  }

  @Test
  @DisplayName("ERR-2: every change of any one byte of a record is CORRUPT")
  void anyByteChanged() {
    byte[] stored = FULL.toBytes();
    for (int at = 0; at < stored.length; at++) {
      for (int change = 1; change < 256; change++) {
        byte[] damaged = stored.clone();
        damaged[at] ^= (byte) change;
        corrupt(damaged);
      }
    }
  }

  @Test
  @DisplayName("ERR-2: a record that was cut short is CORRUPT")
  void cutShort() {
    byte[] stored = FULL.toBytes();
    for (int length = 0; length < stored.length; length++) {
      corrupt(Arrays.copyOf(stored, length));
    }
  }

  @Test
  @DisplayName("ERR-2: a record that was cut short before its checksum was made is CORRUPT")
  void cutShort_rightChecksum() {
    byte[] body = bodyOf(FULL);
    for (int length = 1; length < body.length; length++) {
      corrupt(withChecksum(Arrays.copyOf(body, length)));
    }
  }

  @Test
  @DisplayName("ERR-2: a record of a newer format is refused, and says what to do")
  void newerFormat() {
    for (int format : new int[] {2, 3, 255}) {
      byte[] body = bodyOf(FULL);
      body[0] = (byte) format;

      assertThat(corrupt(withChecksum(body)))
          .hasMessageContaining("format " + format)
          .hasMessageContaining("reads up to 1")
          .hasMessageContaining("use a newer one");
    }
  }

  @Test
  @DisplayName("SES-3: what a later version adds at the end of a record is passed over")
  void trailingBytes() {
    byte[] body = bodyOf(FULL);
    for (int more : new int[] {1, 4, 1_000}) {
      byte[] longer = Arrays.copyOf(body, body.length + more);
      Arrays.fill(longer, body.length, longer.length, (byte) 0x5A);

      assertThat(SessionRecord.fromBytes(withChecksum(longer))).isEqualTo(FULL);
    }
  }

  @Test
  @DisplayName("SES-3: flags that a later version adds to a record are passed over")
  void unknownFlags() {
    byte[] body = bodyOf(FULL);
    body[1] |= (byte) 0xF8;

    assertThat(SessionRecord.fromBytes(withChecksum(body))).isEqualTo(FULL);
  }

  @Test
  @DisplayName("SES-8: a sealing segment makes a record sealed, a version later, at its time")
  void sealedBy() {
    SegmentWriter writer = new SegmentWriter(BARE.key());
    writer.add(NewEvent.of("status", Json.parse("{}")), 1_234_567, true);

    SessionRecord sealed = BARE.sealedBy(writer.finish(1, new UUID(5, 6), new UUID(0, 0)));

    assertThat(sealed)
        .isEqualTo(
            new SessionRecord(
                BARE.key(),
                BARE.title(),
                BARE.metadata(),
                BARE.createdAt(),
                Instant.parse("1970-01-01T00:00:01.234567Z"),
                2,
                false,
                true,
                BARE.token()));
  }
}
