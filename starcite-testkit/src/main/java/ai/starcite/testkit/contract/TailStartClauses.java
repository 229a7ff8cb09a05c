package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.SessionLogException.Code;
import ai.starcite.Tail;
import ai.starcite.TailOptions;
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
  @DisplayName("TAIL-6: a tail starts at the latest events, of which there may be fewer")
  void fromLatest() {
    String id = sessionOf(5);

    assertThat(first(id, TailOptions.fromLatest(2))).containsExactly(4L, 5L);
    assertThat(first(id, TailOptions.fromLatest(5))).isEqualTo(range(1, 5));
    assertThat(first(id, TailOptions.fromLatest(Long.MAX_VALUE))).isEqualTo(range(1, 5));
    try (Tail tail = log().tail(id, TailOptions.fromLatest(0))) {
      assertThat(tail.cursor().seq()).isEqualTo(5);
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
