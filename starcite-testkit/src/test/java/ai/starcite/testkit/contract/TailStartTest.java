package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.starcite.AppendOptions;
import ai.starcite.Event;
import ai.starcite.NewSession;
import ai.starcite.SessionLogException.Code;
import ai.starcite.Tail;
import ai.starcite.TailEnd;
import ai.starcite.TailOptions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Where a tail starts and ends, whatever the store. */
@OverMemory
class TailStartTest extends ReaderFixture {

  @Test
  @DisplayName("TAIL-4: a cursor beyond the head fails also on a sealed session and without follow")
  void cursorAhead_sealed() {
    String id = newSession();
    log().append(id, event("last"), AppendOptions.defaults().withSeal());

    failure(Code.CURSOR_AHEAD, () -> log().tail(id, 2));
    failure(Code.CURSOR_AHEAD, () -> log().tail(id, TailOptions.from(2).withoutFollowing()));
  }

  @Test
  @DisplayName("TAIL-6: a tail that does not follow ends at the last seq of when it was opened")
  void withoutFollowing() {
    String id = sessionOf(3);
    try (Tail tail = log().tail(id, TailOptions.from(1).withoutFollowing())) {
      append(id, 4);

      assertThat(seqs(drain(tail))).containsExactly(2L, 3L);
      assertThat(tail.end()).contains(TailEnd.BOUND);
      assertThat(tail.cursor().seq()).isEqualTo(3);
    }
  }

  @Test
  @DisplayName("TAIL-6: a tail that does not follow is complete at once where there is nothing")
  void withoutFollowing_empty() {
    try (Tail tail = log().tail(newSession(), TailOptions.from(0).withoutFollowing())) {
      assertThat(tail.hasNext()).isFalse();
      assertThat(tail.poll(Duration.ofSeconds(30))).isEmpty();
      assertThat(tail.end()).contains(TailEnd.BOUND);
    }
  }

  @Test
  @DisplayName("TAIL-6: a limit ends the tail after so many events, stored or live")
  void limit() {
    String id = sessionOf(3);
    try (Tail tail = log().tail(id, TailOptions.from(0).withLimit(2))) {
      assertThat(seqs(drain(tail))).containsExactly(1L, 2L);
      assertThat(tail.end()).contains(TailEnd.BOUND);
      assertThat(tail.cursor().seq()).isEqualTo(2);
    }
    try (Tail tail = log().tail(id, TailOptions.from(2).withLimit(2))) {
      InThread<List<Event>> reader = start(() -> drain(tail)).untilBlocked();
      append(id, 2);
      assertThat(seqs(reader.result())).containsExactly(3L, 4L);
    }
  }

  @Test
  @DisplayName("TAIL-6: of a limit and the end of what there is, the first one ends the tail")
  void limit_withoutFollowing() {
    String id = sessionOf(3);
    TailOptions all = TailOptions.from(0).withoutFollowing();

    assertThat(read(id, all.withLimit(1))).hasSize(1);
    assertThat(read(id, all.withLimit(3))).hasSize(3);
    assertThat(read(id, all.withLimit(Long.MAX_VALUE))).hasSize(3);
  }

  @Test
  @DisplayName("TAIL-1: what cannot be a tail is refused, and the log goes on")
  void badArguments() {
    String id = sessionOf(1);

    failure(Code.INVALID, () -> log().tail(id, -1));
    failure(Code.INVALID, () -> TailOptions.from(0).withLimit(0));
    failure(Code.INVALID, () -> log().tail("", 0));
    assertThatThrownBy(() -> log().tail(null, 0))
        .isInstanceOf(NullPointerException.class)
        .hasMessageContaining("sessionId");
    assertThatThrownBy(() -> log().tail(id, (TailOptions) null))
        .isInstanceOf(NullPointerException.class)
        .hasMessageContaining("options");
    try (Tail tail = log().tail(id, 0)) {
      failure(Code.INVALID, () -> tail.poll(0, Duration.ZERO));
      assertThat(tail.next().seq()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("TAIL-7: a poll without a time-out is refused by name, and the tail goes on")
  void poll_null() {
    try (Tail tail = log().tail(sessionOf(1), 0)) {
      assertThatThrownBy(() -> tail.poll(null))
          .isInstanceOf(NullPointerException.class)
          .hasMessageContaining("timeout");
      assertThatThrownBy(() -> tail.poll(1, null))
          .isInstanceOf(NullPointerException.class)
          .hasMessageContaining("timeout");
      assertThat(tail.next().seq()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("TAIL-1: a tail of a session that does not exist is refused")
  void noSuchSession() {
    failure(Code.SESSION_NOT_FOUND, () -> log().tail("none", 0));
    failure(Code.SESSION_NOT_FOUND, () -> log().tail("none", TailOptions.from(9)));

    String id = log().create(NewSession.ofId("none")).id();
    append(id, 1);
    assertThat(seqs(read(id))).containsExactly(1L);
  }

  @Test
  @DisplayName("SES-7: a tail that demands the incarnation of an earlier life is refused")
  void incarnation() {
    String id = log().create(NewSession.ofId("again")).id();
    append(id, 3);
    TailOptions saved;
    try (Tail tail = log().tail(id, 0)) {
      take(tail, 2);
      saved =
          TailOptions.from(tail.cursor())
              .withIncarnation(tail.cursor().incarnation().orElseThrow());
      assertThat(tail.cursor().incarnation().orElseThrow()).isEqualTo(log().get(id).incarnation());
    }
    assertThat(seqs(read(id, saved))).containsExactly(3L);

    log().delete(id);
    log().create(NewSession.ofId("again"));
    append(id, 5);

    failure(Code.SESSION_NOT_FOUND, () -> log().tail(id, saved));
    assertThat(seqs(read(id, TailOptions.from(2)))).isEqualTo(range(3, 5));
  }

  private List<Long> first(String id, TailOptions options) {
    try (Tail tail = log().tail(id, options.withoutFollowing())) {
      return seqs(drain(tail));
    }
  }
}
