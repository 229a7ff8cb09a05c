package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.NewSession;
import ai.starcite.Session;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.SessionQuery;
import ai.starcite.Tail;
import ai.starcite.TailEnd;
import ai.starcite.TailOptions;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a log tells of sessions that are gone, whatever the store. */
@OverMemory
class SessionDeleteTest extends LogFixture {

  private Session create() {
    return log().create(NewSession.named("s"));
  }

  @Test
  @DisplayName("SES-7: calls for a session that never was fail with SESSION_NOT_FOUND")
  void callsWithoutSession() {
    for (Call call : Call.ofSession()) {
      SessionLogException failure =
          failure(Code.SESSION_NOT_FOUND, () -> call.on().run(log(), "never was"));
      assertThat(failure).as(call.name()).hasMessageContaining("never was");
    }
    assertThat(log().list(SessionQuery.all()).sessions()).isEmpty();
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
      assertThat(tail.incarnation()).isEqualTo(fresh);
    }
  }
}
