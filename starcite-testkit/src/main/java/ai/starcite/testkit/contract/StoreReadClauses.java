package ai.starcite.testkit.contract;

import static ai.starcite.testkit.contract.StoreData.await;
import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.spi.ReadOutcome;
import ai.starcite.spi.Segment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Promise SPI-8: a read gives whole segments, in order. */
public abstract class StoreReadClauses extends SpiFixture {
  private static final int COUNT = 10;

  private final List<Segment> all = new ArrayList<>();

  private void fill() {
    create();
    for (int i = 0; i < COUNT; i++) {
      all.add(append(StoreData.segment(4 * i + 1, 4)));
    }
  }

  @ParameterizedTest
  @EnumSource(Then.class)
  @DisplayName(
      "SPI-8: read returns whole segments, from the one that holds the seq, within the bytes")
  void wholeSegments(Then then) {
    fill();
    let(then);
    int length = all.get(0).length();
    for (int seq = 1; seq <= 4 * COUNT; seq++) {
      int index = (seq - 1) / 4;
      assertThat(read(seq, Integer.MAX_VALUE))
          .as("all from seq %d on", seq)
          .startsWith(all.get(index).token())
          .isSubsetOf(tokens(all))
          .isEqualTo(prefix(index, read(seq, Integer.MAX_VALUE).size()));
      assertThat(read(seq, 1)).as("one whatever the bytes").isEqualTo(prefix(index, 1));
      assertThat(read(seq, 3 * length + 5).size()).as("within the bytes").isBetween(1, 3);
    }
  }

  private List<java.util.UUID> prefix(int from, int count) {
    return tokens(all.subList(from, from + count));
  }

  @ParameterizedTest
  @EnumSource(Then.class)
  @DisplayName("TAIL-1, SPI-8: reading on from where a read ended misses and repeats nothing")
  void readOn(Then then) {
    fill();
    let(then);
    for (int maxBytes : new int[] {1, 300, 1_000, Integer.MAX_VALUE}) {
      List<java.util.UUID> seen = new ArrayList<>();
      long next = 1;
      while (next <= 4 * COUNT) {
        List<Segment> read = segments(key, next, maxBytes);
        assertThat(read).as("at seq %d of %d", next, 4 * COUNT).isNotEmpty();
        for (Segment segment : read) {
          assertThat(segment.firstSeq())
              .as("first seq of segment %d of those read on", seen.size() + 1)
              .isEqualTo(next);
          next = segment.nextSeq();
          seen.add(segment.token());
        }
      }
      assertThat(seen).isEqualTo(tokens(all));
    }
  }

  @ParameterizedTest
  @EnumSource(Then.class)
  @DisplayName("SPI-8: there is nothing to read at the head")
  void head(Then then) {
    create();
    assertThat(read(1, 1)).isEmpty();
    append(StoreData.segment(1, 4));
    let(then);
    assertThat(read(5, 1)).isEmpty();
  }

  @Test
  @DisplayName("SPI-8: a read at the head finds what was appended since the last one")
  void headIsFresh() {
    create();
    for (int i = 1; i <= COUNT; i++) {
      assertThat(read(i, 1)).as("at the head, seq %d", i).isEmpty();
      Segment appended = append(StoreData.segment(i, 1));
      assertThat(read(i, 1))
          .as("at seq %d, which was the head when it was read last, and was appended to since", i)
          .containsExactly(appended.token());
    }
  }

  @Test
  @DisplayName("SES-7, SPI-8: a session that is gone, or lives another life, cannot be read")
  void gone() {
    fill();
    assertThat(await(store.read(nextLife, 1, 1)))
        .as("read with another incarnation")
        .isEqualTo(new ReadOutcome.Gone());
    assertThat(await(store.read(StoreData.key("another"), 1, 1))).isEqualTo(new ReadOutcome.Gone());
  }

  @Test
  @DisplayName("SES-2, SPI-8: sessions do not see each other's segments")
  void apart() {
    fill();
    var other = StoreData.record(StoreData.key("session "));
    await(store.create(other));
    assertThat(await(store.read(other.key(), 1, Integer.MAX_VALUE)))
        .isEqualTo(new ReadOutcome.Segments(List.of()));
  }
}
