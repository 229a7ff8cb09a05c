package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.AppendOptions;
import ai.starcite.CreateResult;
import ai.starcite.Event;
import ai.starcite.NewSession;
import ai.starcite.Session;
import ai.starcite.SessionLog;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.SessionUpdate;
import ai.starcite.TailOptions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Sessions under two logs at once, as two processes have them; for stores that are shared. */
public abstract class TwoLogsClauses extends LogFixture {
  private SessionLog other;

  @BeforeEach
  void openOther() {
    stores().requireShared();
    assertThat(log()).isNotNull();
    other = openAnother();
  }

  @AfterEach
  void closeOther() {
    if (other != null) {
      other.close();
    }
  }

  private SessionLog either(int thread) {
    return thread % 2 == 0 ? log() : other;
  }

  @Test
  @DisplayName("SES-1: of two processes that create one id at once, exactly one wins")
  void oneCreatorWins() throws Exception {
    for (int round : Rounds.upTo(200)) {
      String id = "race-" + round;
      List<Object> outcomes =
          AtOnce.run(
              4,
              thread -> {
                try {
                  return either(thread).create(NewSession.ofId(id));
                } catch (SessionLogException e) {
                  return e.code();
                }
              });
      assertThat(outcomes).filteredOn(Session.class::isInstance).containsExactly(log().get(id));
      assertThat(outcomes).filteredOn(Code.SESSION_EXISTS::equals).hasSize(3);
      assertThat(other.get(id)).isEqualTo(log().get(id));
    }
  }

  @Test
  @DisplayName("SES-1: of two processes that create one id if absent, one does and both get it")
  void oneOfCreateIfAbsentIsNew() throws Exception {
    for (int round : Rounds.upTo(200)) {
      String id = "race-" + round;
      List<CreateResult> results =
          AtOnce.run(2, thread -> either(thread).createIfAbsent(NewSession.ofId(id)));
      assertThat(results).filteredOn(CreateResult::isNew).hasSize(1);
      assertThat(results).extracting(CreateResult::session).containsOnly(log().get(id));
    }
  }

  @Test
  @DisplayName("SES-4: updates of two processes all take effect")
  void concurrentUpdates() throws Exception {
    requireNoFaults(
        "an update whose outcome is unknown, and which another one follows, ends as"
            + " OUTCOME_UNKNOWN");
    log().create(NewSession.ofId("s"));
    AtOnce.run(
        2,
        thread -> {
          for (int i = 0; i < 100; i++) {
            either(thread).update("s", SessionUpdate.defaults().withTitle(thread + "-" + i));
          }
          return null;
        });
    assertThat(log().get("s").version()).isEqualTo(201);
    assertThat(other.get("s")).isEqualTo(log().get("s"));
  }

  @Test
  @DisplayName("SES-7: a process that slept through a deletion sees only the new life")
  void sleptThroughDeletion() {
    String old = log().create(NewSession.ofId("s")).incarnation();
    log().append("s", event("old 1").withProducer("p", 1));
    log().append("s", event("old 2").withProducer("p", 2));
    assertThat(read("s")).hasSize(2);
    other.delete("s");
    failure(Code.SESSION_NOT_FOUND, () -> log().append("s", event("x")));
    failure(Code.SESSION_NOT_FOUND, () -> log().delete("s"));
    other.create(NewSession.ofId("s"));
    failure(
        Code.SESSION_NOT_FOUND, () -> log().tail("s", TailOptions.from(1).withIncarnation(old)));
    failure(
        Code.EXPECTED_SEQ_CONFLICT,
        () -> log().append("s", event("x"), AppendOptions.defaults().withExpectedSeq(2)));
    assertThat(read("s")).isEmpty();
    assertThat(log().append("s", event("new 1").withProducer("p", 1)).seq()).isEqualTo(1);
    assertThat(log().append("s", event("new 2")).seq()).isEqualTo(2);
    assertThat(read("s"))
        .extracting(Event::payload)
        .containsExactly(event("new 1").payload(), event("new 2").payload());
  }

  @Test
  @DisplayName("SES-7: writers of another process never carry one life's events into the next")
  void deletionUnderWriters() throws Exception {
    log().create(NewSession.ofId("s"));
    AtOnce.run(
        2,
        thread -> {
          for (int life : Rounds.upTo(200)) {
            if (thread == 0) {
              other.delete("s");
              other.create(NewSession.ofId("s"));
            } else {
              for (int i = 0; i < 5; i++) {
                try {
                  log().append("s", event("x"));
                } catch (SessionLogException e) {
                  assertThat(e.code()).isIn(orUnknown(Code.SESSION_NOT_FOUND));
                }
              }
            }
          }
          return null;
        });
    other.delete("s");
    other.create(NewSession.ofId("s"));
    assertThat(read("s")).isEmpty();
    assertThat(log().append("s", event("new")).seq()).isEqualTo(1);
    assertThat(other.get("s").lastSeq()).isEqualTo(1);
  }

  @Test
  @DisplayName("SES-8: what one process seals, no other appends to")
  void sealedElsewhere() {
    log().create(NewSession.ofId("s"));
    log().append("s", event("one"));
    Session sealed = other.seal("s");
    failure(Code.SESSION_SEALED, () -> log().append("s", event("x")));
    assertThat(log().seal("s")).isEqualTo(sealed);
    assertThat(read("s")).hasSize(1);
  }
}
