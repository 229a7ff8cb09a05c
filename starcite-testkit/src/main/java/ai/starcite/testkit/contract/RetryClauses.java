package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The numbered rules of APP-4. */
public abstract class RetryClauses extends AppendFixture {

  private static NewEvent payload(String json) {
    return NewEvent.of("content", Json.parse(json)).withProducer("p", 1);
  }

  /** An event that uses every field. */
  private static NewEvent full() {
    return NewEvent.of("content", Json.parse("{\"a\":1}"))
        .withActor("agent:x")
        .withSource("s")
        .withMetadata(Json.parse("{\"m\":{\"n\":[1,2]}}"))
        .withRefs(Json.parse("{\"to_seq\":1,\"own\":[]}"))
        .withIdempotencyKey("k")
        .withProducer("p", 1);
  }

  @Test
  @DisplayName("APP-4.2: the last number plus 1 appends, across restarts")
  void next() {
    String id = newSession();
    for (long number = 5; number <= 20; number++) {
      assertThat(log().append(id, numbered("p", number))).isEqualTo(appended(number - 4));
      if (number % 5 == 0) {
        reopen();
      }
    }
  }

  @Test
  @DisplayName("APP-4.3: a known number returns the first seq and the current last seq")
  void known() {
    String id = newSession();
    log().appendAll(id, numbered("p", 1, 5));
    log().append(id, event("x"));
    for (int number = 5; number >= 1; number--) {
      assertThat(log().append(id, numbered("p", number))).isEqualTo(deduped(number, 6));
      assertThat(await(log().appendAsync(id, numbered("p", number)))).isEqualTo(deduped(number, 6));
    }
    reopen();
    assertThat(log().append(id, numbered("p", 3))).isEqualTo(deduped(3, 6));
    assertThat(texts(id)).hasSize(6);
  }

  static Stream<Named<UnaryOperator<NewEvent>>> changes() {
    return Stream.of(
        change("actor", each -> each.withActor("agent:y")),
        change("source", each -> each.withSource("t")),
        change("metadata", each -> each.withMetadata(Json.parse("{\"m\":{\"n\":[1,3]}}"))),
        change("refs", each -> each.withRefs(Json.parse("{\"to_seq\":2,\"own\":[]}"))),
        change("other refs", each -> each.withRefs(Json.parse("{\"to_seq\":1,\"own\":[0]}"))),
        change("idempotency key", each -> each.withIdempotencyKey("l")),
        change(
            "type",
            each ->
                NewEvent.fromJson(
                    Json.parse(each.toJson().toString().replace("\"content\"", "\"text\"")))),
        change("absent fields", each -> payload("{\"a\":1}")));
  }

  private static Named<UnaryOperator<NewEvent>> change(
      String name, UnaryOperator<NewEvent> change) {
    return Named.of(name, change);
  }

  @ParameterizedTest
  @MethodSource("changes")
  @DisplayName("APP-4.4: another content of a known number is a conflict that names its seq")
  void otherContent(UnaryOperator<NewEvent> change) {
    String id = newSession();
    log().append(id, event("x"));
    log().append(id, full());
    for (int round = 0; round < 2; round++) {
      SessionLogException conflict =
          failure(Code.PRODUCER_REPLAY_CONFLICT, () -> log().append(id, change.apply(full())));
      assertThat(conflict.currentSeq()).hasValue(2);
      assertThat(log().append(id, full())).isEqualTo(deduped(2, 2));
      reopen();
    }
    assertThat(read(id)).hasSize(2);
  }

  @Test
  @DisplayName("APP-4: producers, sessions and spellings do not touch each other")
  void independent() {
    String id = newSession();
    String other = newSession();
    for (String producer : List.of("p", "P", "é", "e\u0301", "p ", "\0")) {
      assertThat(log().append(id, numbered(producer, 9)).deduped()).isFalse();
    }
    assertThat(log().append(other, numbered("p", 1))).isEqualTo(appended(1));
    assertThat(log().append(id, numbered("p", 10))).isEqualTo(appended(7));
  }
}
