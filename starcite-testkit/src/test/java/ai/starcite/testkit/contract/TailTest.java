package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.Event;
import ai.starcite.Tail;
import ai.starcite.TailOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a tail delivers, whatever the store. */
@OverMemory
class TailTest extends ReaderFixture {

  @Test
  @DisplayName("TAIL-1: from 0, everything is delivered once, in order")
  void tail_fromStart() {
    String id = newSession();
    append(id, 3);
    append(id, 1);
    append(id, 5);

    try (Tail tail = log().tail(id, 0)) {
      assertThat(seqs(take(tail, 9))).isEqualTo(range(1, 9));
      assertThat(tail.poll(Duration.ZERO)).isEmpty();
      assertThat(tail.cursor().seq()).isEqualTo(9);
      assertThat(tail.end()).isEmpty();
    }
  }

  @Test
  @DisplayName("TAIL-1: a tail goes from what is stored to what comes without a seam")
  void tail_storedThenLive() {
    String id = sessionOf(2);
    try (Tail tail = log().tail(id, 1)) {
      append(id, 2);
      assertThat(seqs(take(tail, 3))).isEqualTo(range(2, 4));

      InThread<Event> reader = start(tail::next).untilBlocked();
      log().append(id, event("live"));

      assertThat(reader.result().seq()).isEqualTo(5);
    }
  }

  @Test
  @DisplayName("TAIL-1: the for loop and the iterator are the tail itself")
  void tail_isItsOwnIterator() {
    String id = sessionOf(3);
    List<Long> seen = new ArrayList<>();
    try (Tail tail = log().tail(id, TailOptions.from(0).withLimit(3))) {
      seen.add(tail.next().seq());
      for (Event event : tail) {
        seen.add(event.seq());
      }
      assertThat(tail.iterator()).isSameAs(tail);
    }
    assertThat(seen).containsExactly(1L, 2L, 3L);
  }
}
