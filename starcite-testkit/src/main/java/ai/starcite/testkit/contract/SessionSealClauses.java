package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.AppendOptions;
import ai.starcite.AppendResult;
import ai.starcite.Event;
import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.Session;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.SessionUpdate;
import ai.starcite.Tail;
import ai.starcite.TailEnd;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Ending sessions for good. */
public abstract class SessionSealClauses extends LogFixture {
  private static final AppendOptions SEAL = AppendOptions.defaults().withSeal();

  @BeforeEach
  void create() {
    log().create(NewSession.ofId("s"));
  }

  @Test
  @DisplayName("SES-8: a sealed session takes no more events, and can still be read")
  void sealed() {
    log().append("s", event("one"));
    Session sealed = log().seal("s");
    assertThat(sealed.sealed()).as("whether the session says that it is sealed").isTrue();
    assertThat(sealed.version()).isEqualTo(2);
    assertThat(sealed.lastSeq()).isEqualTo(1);
    refusesAppends();
    assertThat(log().get("s")).isEqualTo(sealed);
    assertThat(reopen().get("s")).isEqualTo(sealed);
    refusesAppends();
    assertThat(read("s")).hasSize(1);
  }

  private void refusesAppends() {
    for (Call call : Call.ofSession()) {
      if (call.name().startsWith("append")) {
        SessionLogException failure = failure(Code.SESSION_SEALED, () -> call.on().run(log(), "s"));
        assertThat(failure.isDefinite()).isTrue();
        assertThat(failure.isRetryable()).isFalse();
      }
    }
    failure(Code.SESSION_SEALED, () -> log().append("s", event("x"), SEAL));
  }

  @Test
  @DisplayName("SES-8: an empty session can be sealed, and its tails complete")
  void sealEmpty() {
    log().seal("s");
    for (int i = 0; i < 2; i++) {
      try (Tail tail = log().tail("s", 0)) {
        assertThat(tail.hasNext()).isFalse();
        assertThat(tail.end()).contains(TailEnd.SEALED);
      }
      reopen();
    }
  }

  @Test
  @DisplayName("SES-8: an append can carry seal, and both happen atomically")
  void appendWithSeal() {
    AppendResult result = log().append("s", event("last"), SEAL);
    assertThat(result).isEqualTo(new AppendResult(1, 1, false));
    Session session = log().get("s");
    assertThat(session.sealed()).isTrue();
    assertThat(session.version()).isEqualTo(2);
    assertThat(session.updatedAt()).isEqualTo(read("s").get(0).insertedAt());
    refusesAppends();
    assertThat(reopen().get("s")).isEqualTo(session);
  }

  @Test
  @DisplayName("SES-8: the retry of an append with seal dedupes, also after a restart")
  void retryDedupes() {
    NewEvent event = event("last").withProducer("p", 1);
    log().append("s", event, SEAL);
    assertThat(log().append("s", event, SEAL)).isEqualTo(new AppendResult(1, 1, true));
    assertThat(reopen().append("s", event, SEAL)).isEqualTo(new AppendResult(1, 1, true));
    NewEvent next = event("next").withProducer("p", 2);
    failure(Code.SESSION_SEALED, () -> log().append("s", next, SEAL));
  }

  @Test
  @DisplayName(
      "SES-8: of appends and updates that race with a seal, none is lost and none follows it")
  void racingSeal() throws Exception {
    requireNoFaults(
        "an update whose outcome is unknown, and which another one follows, ends as"
            + " OUTCOME_UNKNOWN");
    for (int round : Rounds.upTo(30)) {
      String id = "race-" + round;
      log().create(NewSession.ofId(id));
      ConcurrentLinkedQueue<Long> acknowledged = new ConcurrentLinkedQueue<>();
      AtomicBoolean isSealed = new AtomicBoolean();
      AtOnce.run(
          5,
          thread -> {
            if (thread == 0) {
              log().append(id, event("before"));
              log().seal(id);
              isSealed.set(true);
            } else if (thread == 1) {
              log().update(id, SessionUpdate.defaults().withTitle("x"));
            } else {
              failure(
                  Code.SESSION_SEALED,
                  () -> {
                    while (true) {
                      boolean late = isSealed.get();
                      acknowledged.add(log().append(id, event("x")).seq());
                      assertThat(late)
                          .as("whether an append that was acknowledged came after the seal")
                          .isFalse();
                    }
                  });
            }
            return null;
          });
      Session session = log().get(id);
      assertThat(session.sealed()).isTrue();
      assertThat(session.version()).isEqualTo(3);
      assertThat(session.title()).contains("x");
      assertThat(session.lastSeq()).isEqualTo(acknowledged.size() + 1);
      assertThat(read(id)).extracting(Event::seq).containsAll(acknowledged);
    }
  }
}
