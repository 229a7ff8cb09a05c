package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.AppendOptions;
import ai.starcite.Event;
import ai.starcite.NewSession;
import ai.starcite.SessionLog;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.Tail;
import ai.starcite.TailEnd;
import ai.starcite.TailOptions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How tails end, and that the ends are told apart: clauses TAIL-8 and SES-8. */
@OverMemory
class TailEndTest extends ReaderFixture {
  private static final Duration LONG = Duration.ofSeconds(50);

  /** A reader that is blocked at the head and says with which code it failed. */
  private static InThread<Code> blockedUntilFailure(Tail tail) {
    return start(
            () -> {
              try {
                throw new AssertionError("it got " + tail.next());
              } catch (SessionLogException e) {
                return e.code();
              }
            })
        .untilBlocked();
  }

  @Test
  @DisplayName("TAIL-8: a sealed session's tail delivers the last event and is then complete")
  void sealed() {
    String id = sessionOf(2);
    try (Tail tail = log().tail(id, 0)) {
      InThread<List<Event>> reader = start(() -> drain(tail));
      log().append(id, event("last"), AppendOptions.defaults().withSeal());

      assertThat(seqs(reader.result())).containsExactly(1L, 2L, 3L);
      assertThat(tail.end()).contains(TailEnd.SEALED);
      assertThat(tail.cursor().seq()).isEqualTo(3);
    }
  }

  @Test
  @DisplayName("TAIL-8: sealing without an event completes a tail that waits")
  void sealed_withoutEvent() {
    String id = sessionOf(2);
    try (Tail tail = log().tail(id, 2)) {
      InThread<Boolean> reader = start(tail::hasNext).untilBlocked();

      log().seal(id);

      assertThat(reader.result()).isFalse();
      assertThat(tail.end()).contains(TailEnd.SEALED);
    }
  }

  @Test
  @DisplayName("TAIL-8: a tail behind a seal goes on until it has delivered the last event")
  void sealed_behind() {
    String id = sessionOf(4);
    try (Tail tail = log().tail(id, 0)) {
      tail.next();
      log().seal(id);
      assertThat(tail.end()).isEmpty();

      assertThat(seqs(drain(tail))).containsExactly(2L, 3L, 4L);
      assertThat(tail.end()).contains(TailEnd.SEALED);
    }
  }

  @Test
  @DisplayName("TAIL-8: a session sealed before a restart is complete after it, from any cursor")
  void sealed_reopened() {
    String id = sessionOf(2);
    String empty = newSession();
    log().seal(id);
    log().seal(empty);

    reopen();

    for (long cursor = 0; cursor <= 2; cursor++) {
      try (Tail tail = log().tail(id, cursor)) {
        assertThat(seqs(drain(tail))).isEqualTo(range(cursor + 1, 2));
        assertThat(tail.end()).contains(TailEnd.SEALED);
      }
    }
    try (Tail tail = log().tail(empty, 0)) {
      assertThat(tail.hasNext()).isFalse();
      assertThat(tail.end()).contains(TailEnd.SEALED);
    }
  }

  @Test
  @DisplayName("TAIL-8: a tail of a session that is deleted fails and says deleted")
  void deleted() {
    String id = sessionOf(2);
    Tail waiting = log().tail(id, 2);
    Tail behind = log().tail(id, 0);
    behind.next();
    InThread<Code> reader = blockedUntilFailure(waiting);

    log().delete(id);

    assertThat(reader.result()).isEqualTo(Code.SESSION_NOT_FOUND);
    failure(Code.SESSION_NOT_FOUND, behind::next);
    failure(Code.SESSION_NOT_FOUND, behind::hasNext);
    failure(Code.SESSION_NOT_FOUND, () -> behind.poll(LONG));
    assertThat(waiting.end()).contains(TailEnd.DELETED);
    assertThat(behind.end()).contains(TailEnd.DELETED);
  }

  @Test
  @DisplayName("TAIL-8: deleting a sealed session ends a tail behind the seal as deleted")
  void deleted_afterSeal() {
    String id = sessionOf(2);
    Tail tail = log().tail(id, 0);
    log().seal(id);

    log().delete(id);

    failure(Code.SESSION_NOT_FOUND, tail::next);
    assertThat(tail.end()).contains(TailEnd.DELETED);
  }

  @Test
  @DisplayName("SES-7: an open tail shows nothing of the new life of its session's id")
  void deleted_andCreatedAgain() {
    String id = sessionOf(1);
    Tail tail = log().tail(id, 1);
    log().delete(id);
    log().create(NewSession.ofId(id));
    append(id, 3);

    failure(Code.SESSION_NOT_FOUND, tail::next);
    assertThat(tail.end()).contains(TailEnd.DELETED);
  }

  @Test
  @DisplayName("TAIL-8: closing the log wakes its tails, which fail and say so")
  void logClosed() {
    String id = sessionOf(2);
    Tail waiting = log().tail(id, 2);
    Tail behind = log().tail(id, 0);
    behind.next();
    InThread<Code> reader = blockedUntilFailure(waiting);

    closeLog();

    assertThat(reader.result()).isEqualTo(Code.CLOSED);
    failure(Code.CLOSED, behind::next);
    assertThat(waiting.end()).contains(TailEnd.LOG_CLOSED);
    assertThat(behind.end()).contains(TailEnd.LOG_CLOSED);
  }

  @Test
  @DisplayName("ERR-3: closing the log ends also a tail that nobody is reading at the moment")
  void logClosed_unread() {
    Tail tail = log().tail(sessionOf(2), 0);

    closeLog();

    assertThat(tail.end()).contains(TailEnd.LOG_CLOSED);
  }

  @Test
  @DisplayName("TAIL-8: deleting a session ends also a tail that nobody is reading at the moment")
  void deleted_unread() {
    String id = sessionOf(2);
    Tail tail = log().tail(id, 0);

    log().delete(id);

    assertThat(tail.end()).contains(TailEnd.DELETED);
  }

  @Test
  @DisplayName("TAIL-8: tails cannot be opened on a closed log")
  void logClosed_before() {
    String id = sessionOf(1);
    SessionLog closed = log();
    closeLog();

    failure(Code.CLOSED, () -> closed.tail(id, TailOptions.from(0)));
  }
}
