package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.starcite.Event;
import ai.starcite.Tail;
import ai.starcite.TailEnd;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What closing a tail does, from any thread: clauses TAIL-7 and TAIL-8. */
@OverMemory
class TailCloseTest extends ReaderFixture {
  private static final Duration LONG = Duration.ofSeconds(50);

  @Test
  @DisplayName("TAIL-8: closed by its reader, a tail is complete and says so")
  void closed() {
    String id = sessionOf(3);
    Tail tail = log().tail(id, 0);
    tail.next();
    tail.close();
    tail.close();

    assertThat(tail.end()).contains(TailEnd.CLOSED);
    assertThat(tail.hasNext()).isFalse();
    assertThat(tail.poll(LONG)).isEmpty();
    assertThat(tail.poll(5, LONG)).isEmpty();
    assertThatThrownBy(tail::next).isInstanceOf(NoSuchElementException.class);
    assertThat(tail.cursor().seq()).isEqualTo(1);
  }

  @Test
  @DisplayName("TAIL-7: close from another thread wakes a reader that waits without end")
  void closed_whileBlocked() {
    Tail tail = log().tail(newSession(), 0);
    InThread<Boolean> reader = start(tail::hasNext).untilBlocked();

    tail.close();

    assertThat(reader.result()).isFalse();
    assertThat(tail.end()).contains(TailEnd.CLOSED);
  }

  @Test
  @DisplayName("TAIL-7: close from another thread wakes a reader that polls")
  void closed_whilePolling() {
    Tail tail = log().tail(newSession(), 0);
    InThread<List<Event>> reader = start(() -> tail.poll(9, LONG)).untilBlocked();

    tail.close();

    assertThat(reader.result()).isEmpty();
  }

  @Test
  @DisplayName("TAIL-7: an event that hasNext has found is handed over, closed meanwhile or not")
  void closed_betweenHasNextAndNext() {
    Tail tail = log().tail(sessionOf(2), 0);
    assertThat(tail.hasNext()).isTrue();

    // As another thread may, while this one is inside a for loop.
    tail.close();

    assertThat(tail.next().seq()).isEqualTo(1);
    assertThat(tail.hasNext()).isFalse();
    assertThat(tail.cursor().seq()).isEqualTo(1);
  }

  @Test
  @DisplayName("TAIL-7: a close at any moment of a wait wakes the reader")
  void closed_atAnyMoment() {
    String id = sessionOf(1);
    for (int round = 0; round < 300; round++) {
      Tail tail = log().tail(id, round % 2);
      InThread<List<Event>> reader = start(() -> drain(tail));
      for (int spin = 0; spin < round * 50; spin++) {
        Thread.onSpinWait();
      }
      tail.close();

      assertThat(seqs(reader.result())).isSubsetOf(1L);
      assertThat(tail.end()).contains(TailEnd.CLOSED);
    }
  }

  @Test
  @DisplayName("TAIL-8: of a close and other ends, the first one stays")
  void firstEndStays() {
    String id = sessionOf(1);
    Tail sealed = log().tail(id, 1);
    Tail closed = log().tail(id, 1);
    closed.close();
    log().seal(id);
    assertThat(sealed.hasNext()).isFalse();
    sealed.close();
    closeLog();

    assertThat(sealed.end()).contains(TailEnd.SEALED);
    assertThat(closed.end()).contains(TailEnd.CLOSED);
    assertThat(sealed.hasNext()).isFalse();
    assertThat(closed.hasNext()).isFalse();
  }
}
