package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.Json;
import ai.starcite.NewSession;
import ai.starcite.Session;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.SessionQuery;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Creating sessions, and what they consist of. */
public abstract class SessionCreateClauses extends LogFixture {
  private static final int THREADS = 8;
  private static final int ROUNDS = 50;

  @Test
  @DisplayName("SES-1: a given id is kept as it is, and the session survives a restart")
  void givenIdIsKept() {
    Session created =
        log()
            .create(
                NewSession.ofId("  My session/1 ")
                    .withTitle("A title")
                    .withMetadata(Json.parse("{ \"b\" : 1.0, \"a\":[] }")));
    assertThat(created.id()).isEqualTo("  My session/1 ");
    assertThat(log().get("  My session/1 ")).isEqualTo(created);
    assertThat(reopen().get("  My session/1 ")).isEqualTo(created);
  }

  @Test
  @DisplayName("SES-1: of many threads that create one id at once, exactly one wins")
  void oneCreatorWins() throws Exception {
    for (int round : Rounds.upTo(ROUNDS)) {
      String id = "race-" + round;
      List<Object> outcomes =
          AtOnce.run(
              THREADS,
              thread -> {
                try {
                  return log().create(NewSession.ofId(id).withTitle("by " + thread));
                } catch (SessionLogException e) {
                  return e.code();
                }
              });
      assertThat(outcomes).filteredOn(Session.class::isInstance).containsExactly(log().get(id));
      assertThat(outcomes).filteredOn(Code.SESSION_EXISTS::equals).hasSize(THREADS - 1);
    }
  }

  @Test
  @DisplayName("SES-3: a title of 1,024 characters and metadata of 64 KiB fit, one more does not")
  void limits() {
    String title = "\uD83D\uDE00".repeat(1_024);
    Json metadata = Json.parse("{\"k\":\"" + "é".repeat((65_536 - 8) / 2) + "\"}");
    assertThat(metadata.size()).isEqualTo(65_536);
    log().create(NewSession.ofId("s").withTitle(title).withMetadata(metadata));
    Session stored = reopen().get("s");
    assertThat(stored.title()).contains(title);
    assertThat(stored.metadata()).isEqualTo(metadata);
    Json larger = Json.parse(metadata + " ");
    failure(Code.INVALID, () -> log().create(NewSession.titled("x".repeat(1_025))));
    failure(Code.INVALID, () -> log().create(NewSession.defaults().withMetadata(larger)));
    assertThat(log().list(SessionQuery.active()).sessions()).hasSize(1);
  }
}
