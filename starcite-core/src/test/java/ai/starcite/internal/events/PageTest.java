package ai.starcite.internal.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.internal.segment.SegmentWriter;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SessionKey;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a page takes from a store, and what it refuses. */
class PageTest {
  private static final SessionKey KEY = new SessionKey("s1", "AAAAAAAAAAAAAAAAAAAAAA");
  private static final NewEvent EVENT = NewEvent.of("content", Json.parse("{\"text\":\"a\"}"));
  private static final Segment FIRST = segment(KEY, 1, 3, 1, 0);
  private static final Segment SECOND = segment(KEY, 4, 2, 2, 1);
  private static final Segment THIRD = segment(KEY, 6, 4, 3, 2);

  /** Its token is a number, and it follows the segment whose token is another. */
  private static Segment segment(
      SessionKey key, long firstSeq, int events, long token, long after) {
    SegmentWriter writer = new SegmentWriter(key);
    for (int i = 0; i < events; i++) {
      writer.add(EVENT, 1_000 + firstSeq + i, false);
    }
    if (events == 0) {
      writer.seal(1_000 + firstSeq);
    }
    return writer.finish(firstSeq, new UUID(0, token), new UUID(0, after));
  }

  private static Segment damaged(Segment segment) {
    byte[] bytes = segment.bytes().clone();
    bytes[bytes.length - 10] ^= 1;
    return Segment.of(bytes);
  }

  private static SessionLogException corrupt(long fromSeq, Segment... segments) {
    SessionLogException failure =
        catchThrowableOfType(
            SessionLogException.class, () -> Page.read(KEY, fromSeq, List.of(segments)));
    assertThat(failure.code()).isEqualTo(Code.CORRUPT);
    return failure;
  }

  @Test
  @DisplayName("TAIL-1: a page holds the events of all its segments, each decoded once")
  void read() {
    Page page = Page.read(KEY, 2, List.of(FIRST, SECOND, THIRD));

    assertThat(page.firstSeq()).isEqualTo(1);
    assertThat(page.nextSeq()).isEqualTo(10);
    assertThat(page.bytes()).isEqualTo(FIRST.length() + SECOND.length() + THIRD.length());
    for (long seq = 1; seq < 10; seq++) {
      assertThat(page.contains(seq)).isTrue();
      assertThat(page.event(seq).seq()).isEqualTo(seq);
      assertThat(page.event(seq).insertedAtMicros()).isEqualTo(1_000 + seq);
      assertThat(page.event(seq)).isSameAs(page.event(seq));
    }
    assertThat(page.contains(0)).isFalse();
    assertThat(page.contains(10)).isFalse();
    assertThat(page.lastToken()).isEqualTo(new UUID(0, 3));
  }

  @Test
  @DisplayName("TAIL-1: a page gives the right event in whatever order they are asked for")
  void read_anyOrder() {
    for (int step = 1; step < 9; step++) {
      Page page = Page.read(KEY, 1, List.of(FIRST, SECOND, THIRD));
      for (int i = 0, seq = 1; i < 9; i++, seq = 1 + (seq - 1 + step) % 9) {
        assertThat(page.event(seq).insertedAtMicros()).as("seq %d", seq).isEqualTo(1_000 + seq);
      }
    }
  }

  @Test
  @DisplayName("ERR-2: nothing before a damaged segment is lost, and nothing after it is invented")
  void read_damagedBehind() {
    assertThat(Page.read(KEY, 1, List.of(FIRST, damaged(SECOND), THIRD)).nextSeq()).isEqualTo(4);
    assertThat(Page.read(KEY, 1, List.of(FIRST, SECOND, damaged(THIRD))).nextSeq()).isEqualTo(6);
    assertThat(corrupt(4, damaged(SECOND), THIRD))
        .hasMessageContaining("session s1")
        .hasMessageContaining("seq 4")
        .hasMessageContaining("checksum");
  }

  @Test
  @DisplayName("ERR-2: a hole between segments, and a chain that does not hold, end the page")
  void read_hole() {
    Segment stranger = segment(KEY, 4, 2, 9, 8);

    assertThat(Page.read(KEY, 1, List.of(FIRST, THIRD)).nextSeq()).isEqualTo(4);
    assertThat(Page.read(KEY, 1, List.of(FIRST, stranger, THIRD)).nextSeq()).isEqualTo(4);
    assertThat(Page.read(KEY, 1, List.of(FIRST, FIRST)).nextSeq()).isEqualTo(4);
  }

  @Test
  @DisplayName("ERR-2: a segment that does not hold what was asked for is refused")
  void read_other() {
    assertThat(corrupt(4, FIRST)).hasMessageContaining("seq 4");
    assertThat(corrupt(1, SECOND)).hasMessageContaining("seq 1");
    assertThat(corrupt(1)).hasMessageContaining("has no event 1");
  }

  @Test
  @DisplayName("SES-7: a segment of another session, or of another life, is refused")
  void read_foreign() {
    Segment ofOther = segment(new SessionKey("s2", KEY.incarnation()), 1, 3, 1, 0);
    Segment ofOldLife = segment(new SessionKey("s1", "BAAAAAAAAAAAAAAAAAAAAA"), 1, 3, 1, 0);

    assertThat(corrupt(1, ofOther)).hasMessageContaining("another session");
    assertThat(corrupt(1, ofOldLife)).hasMessageContaining("another session");
  }

  @Test
  @DisplayName("SES-8: a seal without events is found behind the last event, and by itself")
  void read_seal() {
    Segment seal = segment(KEY, 4, 0, 2, 1);
    Page behind = Page.read(KEY, 1, List.of(FIRST, seal));
    Page alone = Page.read(KEY, 4, List.of(seal));

    assertThat(behind.seals()).isTrue();
    assertThat(behind.nextSeq()).isEqualTo(4);
    assertThat(behind.lastToken()).isEqualTo(seal.token());
    assertThat(behind.event(3).seq()).isEqualTo(3);
    assertThat(alone.seals()).isTrue();
    assertThat(alone.nextSeq()).isEqualTo(4);
    assertThat(alone.lastTime()).isEqualTo(1_004);
    assertThat(seal.isIntact()).isTrue();
    assertThat(seal.count()).isZero();
  }
}
