package ai.starcite.internal.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.starcite.Event;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.internal.events.Page;
import ai.starcite.spi.Segment;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a reader does with segments of versions to come; see docs/format.md. */
class SegmentEvolutionTest {
  private static final GoldenSegment GOLDEN = GoldenSegment.described("all-fields");

  private static List<Event> read(byte[] bytes) {
    Page page = Page.read(GOLDEN.key(), GOLDEN.firstSeq(), List.of(Segment.of(bytes)));
    List<Event> events = new ArrayList<>();
    for (long seq = page.firstSeq(); seq < page.nextSeq(); seq++) {
      events.add(page.event(seq));
    }
    return events;
  }

  private static void assertRefused(ThrowingCallable call, String... words) {
    SessionLogException refusal = catchThrowableOfType(SessionLogException.class, call);
    assertThat(refusal).isNotNull();
    assertThat(refusal.code()).isEqualTo(Code.CORRUPT);
    assertThat(refusal).hasMessageContaining("use a newer").hasMessageContainingAll(words);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 127, 128, 255})
  @DisplayName("ERR-2: a format that is not known is refused by name")
  void newerFormat(int format) {
    byte[] newer = SegmentSurgery.withFormat(GOLDEN.stored(), format);

    assertRefused(() -> Segment.of(newer), "format " + format, "reads format 1");
  }

  @ParameterizedTest
  @ValueSource(ints = {0x20, 0x40, 0x80, 0x21})
  @DisplayName("ERR-2: a segment flag that must be understood, and is not, is refused")
  void headerFlag_mustBeUnderstood(int flags) {
    byte[] newer = SegmentSurgery.withHeaderFlags(GOLDEN.stored(), flags);

    assertRefused(() -> Segment.of(newer), "flags 0x%02x".formatted(flags));
  }

  @ParameterizedTest
  @ValueSource(ints = {0x01, 0x02, 0x04, 0x08, 0x0F})
  @DisplayName("EVT-2: a segment flag that need not be understood is passed over")
  void headerFlag_optional(int flags) {
    byte[] newer = SegmentSurgery.withHeaderFlags(GOLDEN.stored(), flags);

    assertThat(read(newer)).isEqualTo(GOLDEN.events());
    assertThat(Segment.of(newer).seals()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16, 1_000, 60_000})
  @DisplayName("EVT-2: a header that is longer than the one known is passed over")
  void longerHeader(int bytes) {
    byte[] newer = SegmentSurgery.withLongerHeader(GOLDEN.stored(), bytes);

    assertThat(Segment.of(newer).isIntact()).isTrue();
    assertThat(read(newer)).isEqualTo(GOLDEN.events());
  }

  @ParameterizedTest
  @ValueSource(ints = {7, 8, 9, 10, 11, 12, 13})
  @DisplayName("EVT-2: an unknown part of a record that need not be understood is passed over")
  void recordFlag_optional(int bit) {
    for (byte[] part : List.of(new byte[0], new byte[] {0}, new byte[300])) {
      byte[] newer = SegmentSurgery.withRecordFlags(GOLDEN.stored(), 1L << bit, part);

      assertThat(read(newer)).isEqualTo(GOLDEN.events());
    }
  }

  @Test
  @DisplayName("ERR-2: an unknown part of a record that must be understood is refused")
  void recordFlag_mustBeUnderstood() {
    for (int bit = 14; bit < Long.SIZE; bit++) {
      byte[] newer = SegmentSurgery.withRecordFlags(GOLDEN.stored(), 1L << bit, new byte[8]);
      Segment segment = Segment.of(newer);

      assertThat(segment.isIntact()).isTrue();
      assertRefused(
          () -> Page.read(GOLDEN.key(), GOLDEN.firstSeq(), List.of(segment)),
          "event " + GOLDEN.firstSeq(),
          GOLDEN.key().id());
    }
  }

  @Test
  @DisplayName("ERR-2: a part that this version does not know does not hide the filter's fields")
  void recordFlag_filter() {
    byte[] newer = SegmentSurgery.withRecordFlags(GOLDEN.stored(), 1 << 7, new byte[3]);
    Page page = Page.read(GOLDEN.key(), GOLDEN.firstSeq(), List.of(Segment.of(newer)));
    EventFilter filter = new EventFilter(Set.of("user:u1"), Set.of(), Set.of());

    assertThat(page.firstMatch(page.firstSeq(), page.nextSeq(), filter))
        .isEqualTo(GOLDEN.firstSeq());
  }

  @Test
  @DisplayName("EVT-2: segments that a store joined are taken apart by their own lengths")
  void joined() {
    List<GoldenSegment> parts = GoldenSegment.NAMES.stream().map(GoldenSegment::described).toList();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[5]);
    parts.forEach(part -> out.writeBytes(part.stored()));
    out.writeBytes(SegmentSurgery.withLongerHeader(GOLDEN.stored(), 9));
    byte[] bytes = out.toByteArray();

    int at = 5;
    for (GoldenSegment part : parts) {
      Segment segment = Segment.at(bytes, at);
      assertThat(segment.isIntact()).isTrue();
      assertThat(segment.offset()).isEqualTo(at);
      assertThat(segment.length()).isEqualTo(part.stored().length);
      assertThat(segment.bytes()).isEqualTo(part.stored());
      assertThat(segment.token()).isEqualTo(part.token("token"));
      Page page = Page.read(part.key(), part.firstSeq(), List.of(segment));
      for (Event event : part.events()) {
        assertThat(page.event(event.seq())).isEqualTo(event);
      }
      at += segment.length();
    }
    Segment longer = Segment.at(bytes, at);
    assertThat(at + longer.length()).isEqualTo(bytes.length);
    assertThat(Page.read(GOLDEN.key(), GOLDEN.firstSeq(), List.of(longer)).event(1_000_005))
        .isEqualTo(GOLDEN.events().get(5));
    for (int bad : new int[] {-1, 0, 4, 6, bytes.length - 1, bytes.length}) {
      SessionLogException refusal =
          catchThrowableOfType(SessionLogException.class, () -> Segment.at(bytes, bad));
      assertThat(refusal.code()).as("offset %d", bad).isEqualTo(Code.CORRUPT);
    }
  }
}
