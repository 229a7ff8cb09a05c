package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.Json;
import ai.starcite.NewSession;
import ai.starcite.Session;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a log makes of a new session, whatever the store. */
@OverMemory
class SessionCreateTest extends LogFixture {

  @Test
  @DisplayName("SES-1: without an id, one of ses_ and 16 characters of base64url is made")
  void idIsMade() {
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      ids.add(log().create(NewSession.unnamed()).id());
    }
    assertThat(ids).hasSize(100).allMatch(id -> id.matches("ses_[A-Za-z0-9_-]{16}"));
  }

  @Test
  @DisplayName("SES-3: a new session has version 1, no events, and times in microseconds")
  void fieldsOfNewSession() {
    DrivenClock clock = new DrivenClock("2026-01-31T12:00:00.123456789Z");
    settings(builder -> builder.clock(clock));
    Session session = log().create(NewSession.unnamed());
    Instant micros = Instant.parse("2026-01-31T12:00:00.123456Z");
    assertThat(session.title()).isEmpty();
    assertThat(session.metadata()).isEqualTo(Json.parse("{}"));
    assertThat(session.createdAt()).isEqualTo(micros);
    assertThat(session.updatedAt()).isEqualTo(micros);
    assertThat(session.version()).isEqualTo(1);
    assertThat(session.archived()).isFalse();
    assertThat(session.sealed()).isFalse();
    assertThat(session.lastSeq()).hasValue(0);
    assertThat(session.incarnation()).isNotBlank();
    assertThat(log().get(session.id())).isEqualTo(session);
  }

  @Test
  @DisplayName("SES-3: last_seq follows the appends")
  void lastSeqFollows() {
    log().create(NewSession.named("s"));
    log().append("s", event("one"));
    assertThat(log().get("s").lastSeq()).hasValue(1);
    log().appendAll("s", List.of(event("two"), event("three")));
    assertThat(log().get("s").lastSeq()).hasValue(3);
    assertThat(reopen().get("s").lastSeq()).hasValue(3);
  }

  @Test
  @DisplayName("SES-3: every session has an incarnation of its own")
  void incarnationsDiffer() {
    Set<String> incarnations = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      incarnations.add(log().create(NewSession.unnamed()).incarnation());
    }
    assertThat(incarnations).hasSize(50);
  }
}
