package ai.starcite.internal.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import ai.starcite.Event;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.internal.events.Page;
import ai.starcite.spi.Segment;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The segments that were stored when format 1 was made; see docs/format.md. */
class GoldenSegmentTest {

  static List<GoldenSegment> golden() {
    return GoldenSegment.NAMES.stream().map(GoldenSegment::described).toList();
  }

  @ParameterizedTest
  @MethodSource("golden")
  @DisplayName("EVT-2: what was stored in format 1 is read, to the last byte")
  void isRead(GoldenSegment golden) {
    Segment segment = Segment.of(golden.stored());
    long nextSeq = golden.firstSeq() + golden.events().size();

    assertThat(segment.isIntact()).isTrue();
    assertThat(segment.firstSeq()).isEqualTo(golden.firstSeq());
    assertThat(segment.count()).isEqualTo(golden.events().size());
    assertThat(segment.nextSeq()).isEqualTo(nextSeq);
    assertThat(segment.seals()).isEqualTo(golden.seals());
    assertThat(segment.token()).isEqualTo(golden.token("token"));
    Page page = Page.read(golden.key(), golden.firstSeq(), List.of(segment));
    assertThat(page.previousToken()).isEqualTo(golden.token("previous_token"));
    assertThat(page.seals()).isEqualTo(golden.seals());
    List<Event> events =
        LongStream.range(golden.firstSeq(), nextSeq).mapToObj(page::event).toList();
    assertThat(events).isEqualTo(golden.events());
    for (Event event : golden.events()) {
      assertThat(page.event(event.seq()).toJson().bytes()).isEqualTo(event.toJson().bytes());
      assertThat(page.sealedWith(event.seq())).isEqualTo(event.seq() == golden.number("seal_seq"));
    }
    long time =
        events.isEmpty()
            ? golden.number("time_micros")
            : events.get(events.size() - 1).insertedAtMicros();
    assertThat(page.lastTime()).isEqualTo(time);
  }

  @ParameterizedTest
  @MethodSource("golden")
  @DisplayName("EVT-2: format 1 is written as it always was")
  void isWritten(GoldenSegment golden) {
    assertThat(golden.encoded().bytes()).isEqualTo(golden.stored());
  }

  @ParameterizedTest
  @MethodSource("golden")
  @DisplayName("ERR-2: every change of any one byte is found")
  void anyByteChanged(GoldenSegment golden) {
    byte[] stored = golden.stored();
    for (int at = 0; at < stored.length; at++) {
      for (int change = 1; change < 256; change++) {
        byte[] damaged = stored.clone();
        damaged[at] ^= (byte) change;
        if (!isFound(damaged)) {
          fail("byte %d xor %d is not found", at, change);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("golden")
  @DisplayName("ERR-2: a segment that was cut short, or has something behind it, is found")
  void cutShort(GoldenSegment golden) {
    byte[] stored = golden.stored();
    for (int length = 0; length < stored.length; length++) {
      byte[] cut = Arrays.copyOf(stored, length);
      assertThatThrownBy(() -> Segment.of(cut))
          .isInstanceOfSatisfying(
              SessionLogException.class, e -> assertThat(e.code()).isEqualTo(Code.CORRUPT));
    }
    assertThatThrownBy(() -> Segment.of(Arrays.copyOf(stored, stored.length + 1)))
        .isInstanceOf(SessionLogException.class);
  }

  @ParameterizedTest
  @MethodSource("golden")
  @DisplayName("ERR-2: damage that the checksum does not show ends in CORRUPT, never otherwise")
  void damagedBeforeTheChecksum(GoldenSegment golden) {
    byte[] stored = golden.stored();
    for (int at = 0; at < stored.length - SegmentHeader.TRAILER; at++) {
      for (int change : new int[] {1, 2, 4, 8, 16, 32, 64, 128, 255}) {
        byte[] damaged = stored.clone();
        damaged[at] ^= (byte) change;
        SegmentSurgery.repairChecksum(damaged);
        try {
          Segment segment = Segment.of(damaged);
          Page page = Page.read(golden.key(), segment.firstSeq(), List.of(segment));
          LongStream.range(page.firstSeq(), page.nextSeq()).forEach(page::event);
        } catch (SessionLogException e) {
          assertThat(e.code()).as("byte %d xor %d: %s", at, change, e).isEqualTo(Code.CORRUPT);
        } catch (RuntimeException | Error e) {
          throw new AssertionError("byte " + at + " xor " + change, e);
        }
      }
    }
  }

  private static boolean isFound(byte[] damaged) {
    try {
      return !Segment.of(damaged).isIntact();
    } catch (SessionLogException e) {
      return e.code() == Code.CORRUPT;
    }
  }
}
