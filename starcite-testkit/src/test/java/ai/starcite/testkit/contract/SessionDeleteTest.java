package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.Event;
import ai.starcite.NewSession;
import ai.starcite.Session;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.SessionQuery;
import ai.starcite.Tail;
import ai.starcite.TailEnd;
import ai.starcite.TailOptions;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a log tells of sessions that are gone, whatever the store. */
@OverMemory
class SessionDeleteTest extends LogFixture {

  private Session create() {
    return log().create(NewSession.ofId("s"));
  }

  @Test
  @DisplayName("SES-7: calls for a session that never was fail with SESSION_NOT_FOUND")
  void callsWithoutSession() {
    for (Call call : Call.ofSession()) {
      SessionLogException failure =
          failure(Code.SESSION_NOT_FOUND, () -> call.on().run(log(), "never was"));
      assertThat(failure).as(call.name()).hasMessageContaining("never was");
    }
    assertThat(log().list(SessionQuery.active()).sessions()).isEmpty();
  }

  @Test
  @DisplayName("SES-7: an open tail ends with its session, also while its reader waits")
  void openTailsEnd() throws Exception {
    create();
    log().append("s", event("one"));
    Tail idle = log().tail("s", 0);
    Tail waiting = log().tail("s", 1);
    AtOnce.run(
        2,
        thread -> {
          if (thread == 0) {
            log().delete("s");
          } else {
            failure(Code.SESSION_NOT_FOUND, waiting::next);
          }
          return null;
        });
    assertThat(waiting.end()).contains(TailEnd.DELETED);
    failure(
        Code.SESSION_NOT_FOUND,
        () -> {
          while (idle.hasNext()) {
            idle.next();
          }
        });
    assertThat(idle.end()).contains(TailEnd.DELETED);
    create();
    log().append("s", event("new"));
    failure(Code.SESSION_NOT_FOUND, idle::hasNext);
    failure(Code.SESSION_NOT_FOUND, waiting::hasNext);
  }

  @Test
  @DisplayName("SES-7: a cursor of an earlier life is refused if its incarnation is demanded")
  void incarnationIsDemanded() {
    String old = create().incarnation();
    log().appendAll("s", List.of(event("1"), event("2"), event("3")));
    TailOptions resume = TailOptions.from(1).withIncarnation(old);
    assertThat(read("s", resume)).hasSize(2);
    log().delete("s");
    String fresh = create().incarnation();
    failure(Code.SESSION_NOT_FOUND, () -> log().tail("s", resume));
    log().appendAll("s", List.of(event("4"), event("5")));
    failure(Code.SESSION_NOT_FOUND, () -> log().tail("s", resume));
    assertThat(read("s", TailOptions.from(1).withIncarnation(fresh))).hasSize(1);
    try (Tail tail = log().tail("s", 0)) {
      assertThat(tail.cursor().incarnation().orElseThrow()).isEqualTo(fresh);
    }
  }

  @Test
  @DisplayName("SES-7: other sessions stay as they are")
  void othersStay() {
    create();
    for (String id : List.of("r", "s0", "s ", "S", "t")) {
      log().create(NewSession.ofId(id));
      log().append(id, event(id));
    }
    log().append("s", event("gone"));
    log().delete("s");
    reopen();
    for (String id : List.of("r", "s0", "s ", "S", "t")) {
      assertThat(read(id)).extracting(Event::payload).containsExactly(event(id).payload());
    }
  }

  @Test
  @DisplayName("SES-7: ending one life does not end the next, however soon that begins")
  void newLifeOutlivesDeletion() throws Exception {
    for (int round : Rounds.upTo(300)) {
      create();
      log().append("s", event("old"));
      AtomicBoolean isDeleted = new AtomicBoolean();
      AtOnce.run(
          2,
          thread -> {
            if (thread == 0) {
              log().delete("s");
              isDeleted.set(true);
            } else {
              boolean late = isDeleted.get();
              while (!log().createIfAbsent(NewSession.ofId("s").withTitle("new")).isNew()) {
                assertThat(late)
                    .as("whether a create that met the session came after its deletion")
                    .isFalse();
                late = isDeleted.get();
              }
              try (Tail tail = log().tail("s", 0)) {
                for (int i = 1; i <= 5; i++) {
                  assertThat(log().append("s", event("new " + i)).seq()).isEqualTo(i);
                  assertThat(tail.next().seq()).isEqualTo(i);
                }
              }
            }
            return null;
          });
      assertThat(log().get("s").title()).contains("new");
      assertThat(read("s")).hasSize(5);
      log().delete("s");
    }
  }

  @Test
  @DisplayName("SES-7: of many threads that delete one session, exactly one does")
  void oneDeletes() throws Exception {
    requireNoFaults(
        "a delete that is sent again, and finds nothing, may have been the one that deleted");
    for (int round : Rounds.upTo(50)) {
      create();
      List<Boolean> deleted =
          AtOnce.run(
              4,
              thread -> {
                try {
                  log().delete("s");
                  return true;
                } catch (SessionLogException e) {
                  assertThat(e.code()).isEqualTo(Code.SESSION_NOT_FOUND);
                  return false;
                }
              });
      assertThat(deleted).containsOnlyOnce(true);
    }
  }
}
