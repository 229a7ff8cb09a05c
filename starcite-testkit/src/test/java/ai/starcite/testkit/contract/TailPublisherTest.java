package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.SessionLogException.Code;
import ai.starcite.TailEnd;
import ai.starcite.TailOptions;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Publishers of tails, for reactive streams. Clause TAIL-7. */
@OverMemory
class TailPublisherTest extends PushFixture {

  @Test
  @DisplayName("TAIL-7: a publisher hands over what is demanded, and no more")
  void publisher_demand() {
    String id = sessionOf(10);
    Received received = subscribe(id, TailOptions.from(0), 3);
    waitUntil(() -> received.events().size() >= 3);

    append(id, 5);
    Received all = subscribe(id, TailOptions.from(0));
    waitUntil(() -> all.events().size() == 15);

    assertThat(seqs(received.events())).containsExactly(1L, 2L, 3L);
    assertThat(received.tail().cursor().seq()).isEqualTo(3);
    received.subscription().request(1);
    received.subscription().request(5);
    waitUntil(() -> received.events().size() == 9);
    received.subscription().request(Long.MAX_VALUE);
    received.subscription().request(Long.MAX_VALUE);
    waitUntil(() -> received.events().size() == 15);
    append(id, 1);
    waitUntil(() -> received.events().size() == 16);
    assertThat(received.events()).isEqualTo(read(id));
    received.requireOrderly();
  }

  @Test
  @DisplayName("TAIL-7: a cancelled subscriber gets nothing more")
  void publisher_cancel() {
    String id = sessionOf(3);
    Received received = subscribe(id, TailOptions.from(0));
    waitUntil(() -> received.events().size() == 3);

    received.subscription().cancel();
    append(id, 3);
    Received other = subscribe(id, TailOptions.from(0));
    waitUntil(() -> other.events().size() == 6);

    assertThat(seqs(received.events())).containsExactly(1L, 2L, 3L);
    assertThat(received.isOver()).isFalse();
    assertThat(received.tail().end()).contains(TailEnd.CLOSED);
  }

  @Test
  @DisplayName("TAIL-7: a publisher is cold: each subscriber has a tail of its own")
  void publisher_cold() {
    String id = newSession();
    var publisher = log().publisher(id, TailOptions.from(0).withoutFollowing());
    Received first = new Received();
    Received second = new Received();

    append(id, 2);
    publisher.subscribe(first);
    waitUntil(first::isOver);
    append(id, 2);
    publisher.subscribe(second);
    waitUntil(second::isOver);

    assertThat(seqs(first.events())).containsExactly(1L, 2L);
    assertThat(seqs(second.events())).containsExactly(1L, 2L, 3L, 4L);
    assertThat(List.of(first.isCompleted(), second.isCompleted())).containsOnly(true);
  }

  @Test
  @DisplayName("TAIL-7: what keeps a tail from being opened is told to the subscriber")
  void publisher_cannotOpen() {
    Received unknown = subscribe("nobody", TailOptions.from(0));
    Received ahead = subscribe(sessionOf(1), TailOptions.from(2));
    waitUntil(() -> unknown.isOver() && ahead.isOver());

    assertThat(unknown.code()).isEqualTo(Code.SESSION_NOT_FOUND);
    assertThat(ahead.code()).isEqualTo(Code.CURSOR_AHEAD);
    failure(Code.INVALID, () -> log().publisher("", TailOptions.from(0)));
    failure(
        Code.SESSION_NOT_FOUND,
        () -> log().subscribe("nobody", TailOptions.from(0), new Received(), executor));
  }
}
