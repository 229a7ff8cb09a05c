package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ai.starcite.AppendOptions;
import ai.starcite.AppendResult;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.SessionUpdate;
import ai.starcite.chat.Message;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a failure tells its caller. */
@OverMemory
class ErrorTest extends LogFixture {
  private static final AppendOptions NONE = AppendOptions.defaults();

  @BeforeEach
  void create() {
    log().create(NewSession.ofId("s"));
  }

  @Test
  @DisplayName("ERR-1: only an unknown outcome is not definite; what may pass later is retryable")
  void definiteAndRetryable() {
    Set<Code> retryable =
        EnumSet.of(Code.BACKPRESSURE, Code.CANCELLED, Code.OUTCOME_UNKNOWN, Code.STORE_UNAVAILABLE);
    for (Code code : Code.values()) {
      SessionLogException failure = new SessionLogException(code, "message");
      assertThat(failure.isDefinite()).as("%s", code).isEqualTo(code != Code.OUTCOME_UNKNOWN);
      assertThat(failure.isRetryable()).as("%s", code).isEqualTo(retryable.contains(code));
    }
  }

  @Test
  @DisplayName("ERR-1: a failure carries the number that its caller needs, and no other")
  void numbers() {
    log().append("s", event("1").withProducer("p", 5));
    log().append("s", event("2"));
    log().update("s", SessionUpdate.defaults());
    SessionLogException expectedSeq =
        failure(
            Code.EXPECTED_SEQ_CONFLICT,
            () -> log().append("s", event("x"), NONE.withExpectedSeq(1)));
    assertThat(expectedSeq.currentSeq()).hasValue(2);
    assertThat(expectedSeq.currentVersion()).isEmpty();
    assertThat(expectedSeq.expectedProducerSeq()).isEmpty();
    assertThat(expectedSeq.earliestCursor()).isEmpty();
    SessionLogException gap =
        failure(
            Code.PRODUCER_SEQ_CONFLICT, () -> log().append("s", event("x").withProducer("p", 7)));
    assertThat(gap.expectedProducerSeq()).hasValue(6);
    SessionLogException replay =
        failure(
            Code.PRODUCER_REPLAY_CONFLICT,
            () -> log().append("s", event("x").withProducer("p", 5)));
    assertThat(replay.currentSeq()).hasValue(1);
    SessionLogException version =
        failure(
            Code.VERSION_CONFLICT,
            () -> log().update("s", SessionUpdate.defaults().withExpectedVersion(1)));
    assertThat(version.currentVersion()).hasValue(2);
    assertThat(version.currentSeq()).isEmpty();
    SessionLogException ahead = failure(Code.CURSOR_AHEAD, () -> log().tail("s", 3));
    assertThat(ahead.currentSeq()).hasValue(2);
    for (SessionLogException each : List.of(expectedSeq, gap, replay, version, ahead)) {
      assertThat(each.isDefinite()).as("%s", each.code()).isTrue();
      assertThat(each.isRetryable()).as("%s", each.code()).isFalse();
      // It names what is there and goes on to say what to do.
      assertThat(each.getMessage()).matches("(?s).*\\d.*[;:,] ?.*");
    }
    assertThat(read("s")).hasSize(2);
  }

  @Test
  @DisplayName("ERR-1: a future fails with the very exception, not wrapped in another")
  void futures() {
    NewEvent gap = event("x").withProducer("p", 1);
    log().append("s", gap);
    CompletableFuture<AppendResult> single =
        log().appendAsync("s", event("other").withProducer("p", 1));
    assertThat(catchThrowable(single::get))
        .isExactlyInstanceOf(ExecutionException.class)
        .cause()
        .isExactlyInstanceOf(SessionLogException.class);
    assertThat(catchThrowable(single::join))
        .isExactlyInstanceOf(CompletionException.class)
        .cause()
        .isExactlyInstanceOf(SessionLogException.class);
    assertThat(single.handle((result, failure) -> failure).join())
        .isExactlyInstanceOf(SessionLogException.class);
    CompletableFuture<List<AppendResult>> batch =
        log().appendAllAsync("missing", List.of(event("x")), NONE);
    assertThat(batch.handle((result, failure) -> failure).join())
        .isExactlyInstanceOf(SessionLogException.class)
        .extracting(failure -> ((SessionLogException) failure).code())
        .isEqualTo(Code.SESSION_NOT_FOUND);
  }

  @Test
  @DisplayName("ERR-1: after a definite failure the same session takes appends as before")
  void usableAfterFailures() {
    log().append("s", event("1").withProducer("p", 1));
    for (int i = 0; i < 100; i++) {
      NewEvent gap = event("x").withProducer("p", 100 + i);
      failure(Code.PRODUCER_SEQ_CONFLICT, () -> log().append("s", gap));
    }
    assertThat(log().append("s", event("2").withProducer("p", 2)).seq()).isEqualTo(2);
  }

  @Test
  @DisplayName("ERR-1: a blocking append fails with an exception of the caller's own stack")
  void ownStack() {
    log().append("s", event("x"));
    AppendOptions late = NONE.withExpectedSeq(0);
    SessionLogException failure =
        failure(Code.EXPECTED_SEQ_CONFLICT, () -> log().append("s", event("y"), late));
    assertThat(failure.currentSeq()).hasValue(1);
    assertThat(failure.getStackTrace())
        .extracting(StackTraceElement::getMethodName)
        .anyMatch(method -> method.contains("ownStack"));
    assertThat(failure).as("nothing caused it but itself").hasNoCause();
  }

  @Test
  @DisplayName("ERR-1: the cause is kept")
  void cause() {
    NewEvent event = NewEvent.of("message", Json.parse("{\"role\":1}"));
    log().append("s", event);
    SessionLogException failure = failure(Code.INVALID, () -> read("s").get(0).as(Message.class));
    assertThat(failure).hasCauseInstanceOf(Exception.class);
  }
}
