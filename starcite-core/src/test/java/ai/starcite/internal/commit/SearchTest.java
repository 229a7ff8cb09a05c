package ai.starcite.internal.commit;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.internal.events.Page;
import ai.starcite.internal.segment.SegmentWriter;
import ai.starcite.internal.session.SeqRange;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SessionKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where an old event of a producer is found, and in how many reads. */
class SearchTest {
  private static final SessionKey KEY = new SessionKey("s", "life");
  private static final UUID TOKEN = new UUID(1, 1);
  private static final int EVENTS = 20_000;
  private static final int SEGMENT = 50;

  /** Which of the events are the producer's. */
  enum Distribution {
    ALL(i -> true, 3),
    EVERY_SECOND(i -> i % 2 == 0, 12),
    EVERY_HUNDREDTH(i -> i % 100 == 7, 30),
    AT_BOTH_ENDS(i -> i < 300 || i >= EVENTS - 300, 4),
    AT_THE_END(i -> i == 0 || i >= EVENTS - 500, 4),
    RANDOM_BURSTS(i -> new Random(i / 400).nextInt(10) == 0, 30);

    final IntPredicate own;
    final double mostOnAverage;

    Distribution(IntPredicate own, double mostOnAverage) {
      this.own = own;
      this.mostOnAverage = mostOnAverage;
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("APP-4: any event is found, wherever its producer has written")
  void found(Distribution distribution) {
    List<Page> pages = new ArrayList<>();
    List<Long> seqs = new ArrayList<>();
    SegmentWriter writer = new SegmentWriter(KEY);
    for (int i = 0; i < EVENTS; i++) {
      NewEvent event = NewEvent.of("e", Json.parse("{}"));
      if (distribution.own.test(i)) {
        seqs.add(i + 1L);
        event = event.withProducer("p", seqs.size());
      }
      writer.add(event, i, false);
      if (i % SEGMENT == SEGMENT - 1) {
        Segment segment = writer.finish(i + 2L - SEGMENT, TOKEN, TOKEN);
        pages.add(Page.of(segment));
      }
    }
    long reads = 0;
    int searched = 0;
    for (int number = 1; number <= seqs.size(); number += 1 + seqs.size() / 500) {
      long first = seqs.get(0);
      long last = seqs.get(seqs.size() - 1);
      SeqRange range = new SeqRange(first + number - 1, last - (seqs.size() - number));
      Search search = new Search(0, "p", number, range);
      long seq = 0;
      while (seq == 0) {
        assertThat(search.isOver()).as("number %d", number).isFalse();
        reads++;
        seq = search.look(pages.get((int) ((search.at() - 1) / SEGMENT)));
      }
      assertThat(seq).isEqualTo(seqs.get(number - 1));
      searched++;
    }
    assertThat((double) reads / searched)
        .as("reads on average")
        .isLessThanOrEqualTo(distribution.mostOnAverage);
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("APP-4, ERR-2: an event that is missing is not looked for without end")
  void missing(Distribution distribution) {
    SegmentWriter writer = new SegmentWriter(KEY);
    List<Page> pages = new ArrayList<>();
    int number = 0;
    for (int i = 0; i < 1_000; i++) {
      NewEvent event = NewEvent.of("e", Json.parse("{}"));
      if (distribution.own.test(i * (EVENTS / 1_000))) {
        number++;
        // Number 5 was never written.
        event = event.withProducer("p", number >= 5 ? number + 1 : number);
      }
      writer.add(event, i, false);
      if (i % SEGMENT == SEGMENT - 1) {
        pages.add(Page.of(writer.finish(i + 2L - SEGMENT, TOKEN, TOKEN)));
      }
    }
    Search search = new Search(0, "p", 5, new SeqRange(1, 1_000));
    int reads = 0;
    while (!search.isOver()) {
      assertThat(search.look(pages.get((int) ((search.at() - 1) / SEGMENT)))).isZero();
      assertThat(++reads).isLessThan(200);
    }
  }
}
