package ai.starcite.examples.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Errors of the log on the wire")
class ProblemTest {
  @Test
  @DisplayName("each code has its status and its name")
  void codes() {
    Map<Code, String> wire = new EnumMap<>(Code.class);
    for (Code code : Code.values()) {
      Problem problem = Problem.from(new CompletionException(new SessionLogException(code, "m")));
      wire.put(code, problem.status() + " " + problem.name());
    }

    assertThat(wire)
        .containsEntry(Code.INVALID, "400 invalid_session")
        .containsEntry(Code.SESSION_EXISTS, "409 session_exists")
        .containsEntry(Code.SESSION_NOT_FOUND, "404 session_not_found")
        .containsEntry(Code.SESSION_SEALED, "409 session_sealed")
        .containsEntry(Code.VERSION_CONFLICT, "409 expected_version_conflict")
        .containsEntry(Code.EXPECTED_SEQ_CONFLICT, "409 expected_seq_conflict")
        .containsEntry(Code.PRODUCER_SEQ_CONFLICT, "409 producer_seq_conflict")
        .containsEntry(Code.PRODUCER_REPLAY_CONFLICT, "409 producer_replay_conflict")
        .containsEntry(Code.TOO_MANY_PRODUCERS, "409 too_many_producers")
        .containsEntry(Code.BACKPRESSURE, "429 backpressure")
        .containsEntry(Code.CANCELLED, "503 cancelled")
        .containsEntry(Code.OUTCOME_UNKNOWN, "503 outcome_unknown")
        .containsEntry(Code.CURSOR_AHEAD, "409 cursor_ahead")
        .containsEntry(Code.CURSOR_EXPIRED, "409 cursor_expired")
        .containsEntry(Code.STORE_UNAVAILABLE, "503 store_unavailable")
        .containsEntry(Code.CORRUPT, "500 corrupt")
        .containsEntry(Code.CLOSED, "503 shutting_down");
  }

  @Test
  @DisplayName("what nobody foresaw is told by its name only")
  void unforeseen() {
    Problem problem = Problem.from(new IllegalStateException("secret"));

    assertThat(problem.status()).isEqualTo(500);
    assertThat(problem.body().toString()).contains("\"internal\"").doesNotContain("secret");
  }

  @Test
  @DisplayName("the earliest cursor is named")
  void earliest() {
    Problem problem =
        Problem.from(new SessionLogException(Code.CURSOR_EXPIRED, "m").withEarliestCursor(7));

    assertThat(problem.body().toString()).contains("\"earliest_available_cursor\":7");
  }
}
