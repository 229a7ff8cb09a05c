package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.Json;
import ai.starcite.NewSession;
import ai.starcite.Session;
import ai.starcite.SessionQuery;
import ai.starcite.SessionQuery.Visibility;
import ai.starcite.SessionUpdate;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Changing and archiving sessions. */
public abstract class SessionUpdateClauses extends LogFixture {
  private final DrivenClock clock = new DrivenClock("2026-01-31T12:00:00Z");

  private Session create(String metadata) {
    settings(builder -> builder.clock(clock));
    return log().create(NewSession.ofId("s").withTitle("title").withMetadata(Json.parse(metadata)));
  }

  private static SessionUpdate metadata(String changes) {
    return SessionUpdate.defaults().withMetadata(Json.parse(changes));
  }

  @Test
  @DisplayName("SES-4: update changes the title, raises the version by one, and never last_seq")
  void updatesTitle() {
    Session before = create("{\"a\":1}");
    log().append("s", event("one"));
    clock.move(Duration.ofSeconds(1));
    Session after = log().update("s", SessionUpdate.defaults().withTitle("other"));
    assertThat(after.title()).contains("other");
    assertThat(after.metadata()).isEqualTo(before.metadata());
    assertThat(after.version()).as("the version after one update").isEqualTo(2);
    assertThat(after.lastSeq()).isEqualTo(1);
    assertThat(after.createdAt()).isEqualTo(before.createdAt());
    assertThat(after.updatedAt()).isEqualTo(before.updatedAt().plusSeconds(1));
    assertThat(after.incarnation()).isEqualTo(before.incarnation());
    assertThat(reopen().get("s")).isEqualTo(after);
    assertThat(log().update("s", SessionUpdate.defaults().withTitle("")).title()).isEmpty();
  }

  @Test
  @DisplayName("SES-4: concurrent updates all take effect, one version each")
  void concurrentUpdates() throws Exception {
    requireNoFaults(
        "an update whose outcome is unknown, and which another one follows, ends as"
            + " OUTCOME_UNKNOWN");
    create("{}");
    AtOnce.run(
        8,
        thread -> {
          for (int i = 0; i < 25; i++) {
            log().update("s", metadata("{\"t%d-%d\":%d}".formatted(thread, i, i)));
          }
          return null;
        });
    assertThat(log().get("s").version()).isEqualTo(1 + 8 * 25);
    assertThat(log().get("s").metadata().members()).hasSize(8 * 25);
  }

  @Test
  @DisplayName("SES-5: an archived session is hidden from plain listings only")
  void archive() {
    create("{}");
    log().append("s", event("one"));
    Session archived = log().archive("s");
    assertThat(archived.archived()).isTrue();
    assertThat(log().list(SessionQuery.active()).sessions()).isEmpty();
    assertThat(log().list(SessionQuery.active().withVisibility(Visibility.ALL)).sessions())
        .hasSize(1);
    assertThat(reopen().get("s")).isEqualTo(archived);
    assertThat(log().append("s", event("two")).seq()).isEqualTo(2);
    assertThat(read("s")).hasSize(2);
    assertThat(log().update("s", SessionUpdate.defaults().withTitle("x")).archived()).isTrue();
    assertThat(log().unarchive("s").archived()).isFalse();
    assertThat(log().list(SessionQuery.active()).sessions()).hasSize(1);
  }
}
