package ai.starcite.store.s3;

import static ai.starcite.testkit.contract.StoreData.await;
import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.spi.AppendOutcome;
import ai.starcite.spi.CreateOutcome;
import ai.starcite.spi.ReadOutcome;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SessionKey;
import ai.starcite.spi.SessionRecord;
import ai.starcite.testkit.contract.StoreData;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.zip.CRC32C;

/** Calls that tests make on a store, and segments that follow each other. */
public final class Sessions {
  private static final int PREVIOUS_TOKEN_AT = 64;
  public static final AppendOutcome COMMITTED = new AppendOutcome.Committed();

  private Sessions() {}

  public static SessionRecord create(S3SegmentStore store, String id) {
    SessionRecord record = StoreData.record(StoreData.key(id));
    assertThat(await(store.create(record))).isEqualTo(new CreateOutcome.Created());
    return record;
  }

  /** Appends segments of four events each, and returns their tokens. */
  public static List<UUID> append(S3SegmentStore store, SessionKey session, int count) {
    return append(store, session, count, 128);
  }

  public static List<UUID> append(S3SegmentStore store, SessionKey session, int count, int bytes) {
    List<UUID> tokens = new ArrayList<>();
    long next = await(store.load(session.id())).orElseThrow().nextSeq();
    UUID before = next == 1 ? new UUID(0, 0) : lastToken(store, session, next);
    for (int i = 0; i < count; i++) {
      Segment segment = following(before, next, bytes);
      assertThat(await(store.append(session, segment))).isEqualTo(COMMITTED);
      before = segment.token();
      next = segment.nextSeq();
      tokens.add(before);
    }
    return tokens;
  }

  private static UUID lastToken(S3SegmentStore store, SessionKey session, long next) {
    return tokens(store, session, next - 1).get(0);
  }

  /** Returns a segment of four events that follows the one with a token. */
  public static Segment following(UUID before, long first, int bytes) {
    byte[] made = StoreData.segment(first, 4, bytes, false, new Random()).bytes();
    ByteBuffer buffer =
        ByteBuffer.wrap(made)
            .putLong(PREVIOUS_TOKEN_AT, before.getMostSignificantBits())
            .putLong(PREVIOUS_TOKEN_AT + Long.BYTES, before.getLeastSignificantBits());
    CRC32C crc = new CRC32C();
    crc.update(made, 0, made.length - Integer.BYTES);
    buffer.putInt(made.length - Integer.BYTES, (int) crc.getValue());
    return Segment.of(made);
  }

  /** Returns the tokens of all segments from a seq on. */
  public static List<UUID> tokens(S3SegmentStore store, SessionKey session, long from) {
    List<UUID> tokens = new ArrayList<>();
    for (long next = from; ; ) {
      ReadOutcome read = await(store.read(session, next, 1 << 20));
      List<Segment> segments = ((ReadOutcome.Segments) read).segments();
      if (segments.isEmpty()) {
        return tokens;
      }
      for (Segment each : segments) {
        assertThat(each.isIntact()).isTrue();
        tokens.add(each.token());
        next = each.nextSeq();
      }
    }
  }
}
