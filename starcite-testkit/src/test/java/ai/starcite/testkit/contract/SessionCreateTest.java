package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.CreateResult;
import ai.starcite.Json;
import ai.starcite.NewSession;
import ai.starcite.Session;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a log makes of a new session, whatever the store. */
@OverMemory
class SessionCreateTest extends LogFixture {
  private static final int THREADS = 8;
  private static final int ROUNDS = 50;

  @Test
  @DisplayName("SES-1: without an id, one of ses_ and 16 characters of base64url is made")
  void idIsMade() {
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      ids.add(log().create(NewSession.defaults()).id());
    }
    assertThat(ids).hasSize(100).allMatch(id -> id.matches("ses_[A-Za-z0-9_-]{16}"));
  }

  @Test
  @DisplayName("SES-3: a new session has version 1, no events, and times in microseconds")
  void fieldsOfNewSession() {
    DrivenClock clock = new DrivenClock("2026-01-31T12:00:00.123456789Z");
    settings(builder -> builder.clock(clock));
    Session session = log().create(NewSession.defaults());
    Instant micros = Instant.parse("2026-01-31T12:00:00.123456Z");
    assertThat(session.title()).isEmpty();
    assertThat(session.metadata()).isEqualTo(Json.parse("{}"));
    assertThat(session.createdAt()).isEqualTo(micros);
    assertThat(session.updatedAt()).isEqualTo(micros);
    assertThat(session.version()).isEqualTo(1);
    assertThat(session.archived()).isFalse();
    assertThat(session.sealed()).isFalse();
    assertThat(session.lastSeq()).isEqualTo(0);
    assertThat(session.incarnation()).isNotBlank();
    assertThat(log().get(session.id())).isEqualTo(session);
  }

  @Test
  @DisplayName("SES-3: last_seq follows the appends")
  void lastSeqFollows() {
    log().create(NewSession.ofId("s"));
    log().append("s", event("one"));
    assertThat(log().get("s").lastSeq()).isEqualTo(1);
    log().appendAll("s", List.of(event("two"), event("three")));
    assertThat(log().get("s").lastSeq()).isEqualTo(3);
    assertThat(reopen().get("s").lastSeq()).isEqualTo(3);
  }

  @Test
  @DisplayName("SES-3: every session has an incarnation of its own")
  void incarnationsDiffer() {
    Set<String> incarnations = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      incarnations.add(log().create(NewSession.defaults()).incarnation());
    }
    assertThat(incarnations).hasSize(50);
  }

  @Test
  @DisplayName("SES-1: an id that exists fails with SESSION_EXISTS and changes nothing")
  void existingIdIsRefused() {
    Session first = log().create(NewSession.ofId("s").withTitle("first"));
    log().append("s", event("kept"));
    SessionLogException failure =
        failure(Code.SESSION_EXISTS, () -> log().create(NewSession.ofId("s").withTitle("second")));
    assertThat(failure).hasMessageContaining("s");
    assertThat(log().get("s").incarnation()).isEqualTo(first.incarnation());
    assertThat(log().get("s").title()).contains("first");
    assertThat(read("s")).hasSize(1);
    reopen();
    failure(Code.SESSION_EXISTS, () -> log().create(NewSession.ofId("s")));
  }

  @Test
  @DisplayName("SES-1: createIfAbsent returns the session and whether it is new")
  void createIfAbsent() {
    CreateResult first = log().createIfAbsent(NewSession.ofId("s").withTitle("first"));
    assertThat(first.isNew()).isTrue();
    log().append("s", event("one"));
    CreateResult second = log().createIfAbsent(NewSession.ofId("s").withTitle("second"));
    assertThat(second.isNew()).isFalse();
    assertThat(second.session()).isEqualTo(log().get("s"));
    assertThat(second.session().incarnation()).isEqualTo(first.session().incarnation());
    assertThat(second.session().title()).contains("first");
    assertThat(second.session().lastSeq()).isEqualTo(1);
    assertThat(log().createIfAbsent(NewSession.defaults()).isNew()).isTrue();
  }

  @Test
  @DisplayName("SES-1: of many threads that create one id if absent, one does and all get it")
  void oneOfCreateIfAbsentIsNew() throws Exception {
    for (int round : Rounds.upTo(ROUNDS)) {
      String id = "race-" + round;
      List<CreateResult> results =
          AtOnce.run(
              THREADS,
              thread -> log().createIfAbsent(NewSession.ofId(id).withTitle("by " + thread)));
      assertThat(results).filteredOn(CreateResult::isNew).hasSize(1);
      assertThat(results).extracting(CreateResult::session).containsOnly(log().get(id));
    }
  }
}
