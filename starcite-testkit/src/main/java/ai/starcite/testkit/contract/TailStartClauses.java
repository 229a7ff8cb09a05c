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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Where a tail begins and ends, and what is refused: clauses TAIL-4 and TAIL-6. */
public abstract class TailStartClauses extends TailFixture {

  @Test
  @DisplayName("TAIL-4: a cursor at the head is fine, one beyond it fails and names the head")
  void cursorAhead() {
    String id = sessionOf(3);

    log().tail(id, 3).close();
    for (long cursor : new long[] {4, 1_000_000, Long.MAX_VALUE}) {
      assertThat(failure(Code.CURSOR_AHEAD, () -> log().tail(id, cursor)).currentSeq()).hasValue(3);
    }
    String empty = newSession();
    log().tail(empty, 0).close();
    assertThat(failure(Code.CURSOR_AHEAD, () -> log().tail(empty, 1)).currentSeq()).hasValue(0);
  }

  @Test
  @DisplayName("TAIL-4: a cursor beyond the head fails also on a sealed session and without follow")
  void cursorAhead_sealed() {
    String id = newSession();
    log().append(id, event("last"), AppendOptions.none().withSeal());

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
      assertThat(tail.cursor()).isEqualTo(3);
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
      assertThat(tail.cursor()).isEqualTo(2);
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

    String id = log().create(NewSession.named("none")).id();
    append(id, 1);
    assertThat(seqs(read(id))).containsExactly(1L);
  }

  @Test
  @DisplayName("SES-7: a tail that demands the incarnation of an earlier life is refused")
  void incarnation() {
    String id = log().create(NewSession.named("again")).id();
    append(id, 3);
    TailOptions saved;
    try (Tail tail = log().tail(id, 0)) {
      take(tail, 2);
      saved = TailOptions.from(tail.cursor()).withIncarnation(tail.incarnation());
      assertThat(tail.incarnation()).isEqualTo(log().get(id).incarnation());
    }
    assertThat(seqs(read(id, saved))).containsExactly(3L);

    log().delete(id);
    log().create(NewSession.named("again"));
    append(id, 5);

    failure(Code.SESSION_NOT_FOUND, () -> log().tail(id, saved));
    assertThat(seqs(read(id, TailOptions.from(2)))).isEqualTo(range(3, 5));
  }

  @Test
  @DisplayName("TAIL-6: a tail starts at the latest events, of which there may be fewer")
  void fromLatest() {
    String id = sessionOf(5);

    assertThat(first(id, TailOptions.fromLatest(2))).containsExactly(4L, 5L);
    assertThat(first(id, TailOptions.fromLatest(5))).isEqualTo(range(1, 5));
    assertThat(first(id, TailOptions.fromLatest(Long.MAX_VALUE))).isEqualTo(range(1, 5));
    try (Tail tail = log().tail(id, TailOptions.fromLatest(0))) {
      assertThat(tail.cursor()).isEqualTo(5);
      append(id, 1);
      assertThat(tail.next().seq()).isEqualTo(6);
    }
    assertThat(first(newSession(), TailOptions.fromLatest(3))).isEmpty();
    failure(Code.INVALID, () -> TailOptions.fromLatest(-1));
  }

  @Test
  @DisplayName("TAIL-6: a tail starts at the first event of a time or later, wherever that is")
  void fromTime() {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-01T12:00:00Z"));
    settings(builder -> builder.clock(now::get));
    String id = newSession();
    List<Instant> times = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      append(id, 1 + i % 3);
      for (int j = 0; j <= i % 3; j++) {
        times.add(now.get());
      }
      if (i % 4 != 1) {
        now.updateAndGet(time -> time.plusMillis(10));
      }
    }

    for (Instant time : new TreeSet<>(times)) {
      for (Instant near : List.of(time.minusNanos(1_000), time, time.plusNanos(1_000))) {
        long before = times.stream().filter(each -> each.isBefore(near)).count();
        assertThat(first(id, TailOptions.fromTime(near)))
            .as("from %s", near)
            .isEqualTo(range(before + 1, times.size()));
      }
    }
    assertThat(first(id, TailOptions.fromTime(Instant.EPOCH))).hasSize(times.size());
    assertThat(first(newSession(), TailOptions.fromTime(Instant.EPOCH))).isEmpty();
  }

  private List<Long> first(String id, TailOptions options) {
    try (Tail tail = log().tail(id, options.withoutFollowing())) {
      return seqs(drain(tail));
    }
  }
}
