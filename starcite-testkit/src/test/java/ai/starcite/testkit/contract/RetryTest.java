package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.AppendOptions;
import ai.starcite.AppendResult;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a log takes for a retry, whatever the store (APP-4). */
@OverMemory
class RetryTest extends AppendFixture {
  private static final AppendOptions SEAL = AppendOptions.defaults().withSeal();

  private static NewEvent payload(String json) {
    return NewEvent.of("content", Json.parse(json)).withProducer("p", 1);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 1_000_000_007L, Long.MAX_VALUE})
  @DisplayName("APP-4.1: a producer's first number may be any")
  void first(long number) {
    String id = newSession();
    assertThat(log().append(id, numbered("p", number))).isEqualTo(appended(1));
    assertThat(log().append(id, numbered("p", number))).isEqualTo(deduped(1, 1));
    reopen();
    assertThat(log().append(id, numbered("p", number))).isEqualTo(deduped(1, 1));
    failure(Code.PRODUCER_REPLAY_CONFLICT, () -> log().append(id, forged("p", number)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":1,\"b\":2}      | {\"b\":2,\"a\":1}",
        "{\"a\":[1,{\"b\":2}]}  | {  \"a\" : [ 1 , { \"b\" : 2 } ] }",
        "{\"a\":1.0}            | {\"a\":1}",
        "{\"a\":100}            | {\"a\":1e2}",
        "{\"a\":0}              | {\"a\":-0.0}",
        "{\"a\":0.1}            | {\"a\":10E-2}",
        "{\"a\":1e999999999}    | {\"a\":10e999999998}",
        "{\"a\":1e99999999999999999999} | {\"a\":10e99999999999999999998}",
        "{\"a\":\"A/\"}         | {\"a\":\"\\u0041\\/\"}",
      })
  @DisplayName("APP-4.3: content is equal as JSON values, not as bytes")
  void equalValues(String first, String again) {
    String id = newSession();
    log().append(id, payload(first));
    assertThat(log().append(id, payload(again))).isEqualTo(deduped(1, 1));
    reopen();
    assertThat(log().append(id, payload(again))).isEqualTo(deduped(1, 1));
    assertThat(read(id).get(0).payload()).hasToString(first);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":1}     | {\"a\":\"1\"}",
        "{\"a\":1}     | {\"a\":1.0000000000000000000000001}",
        "{\"a\":[1,2]} | {\"a\":[2,1]}",
        "{\"a\":null}  | {}",
        "{\"a\":9007199254740993} | {\"a\":9007199254740992}",
        "{\"a\":\"é\"} | {\"a\":\"e\\u0301\"}",
      })
  @DisplayName("APP-4.4: another JSON value is another content")
  void otherValues(String first, String forged) {
    String id = newSession();
    log().append(id, payload(first));
    failure(Code.PRODUCER_REPLAY_CONFLICT, () -> log().append(id, payload(forged)));
    reopen();
    failure(Code.PRODUCER_REPLAY_CONFLICT, () -> log().append(id, payload(forged)));
  }

  @Test
  @DisplayName("APP-4.4: contents that a weak hash takes for the same are not")
  void sameWeakHash() {
    String id = newSession();
    // Found by turning round a hash that multiplies words of 64 bits.
    NewEvent first =
        NewEvent.of("t", Json.parse("{\"t\":\"abkpistrde$@@#@@##\"}")).withProducer("p", 1);
    NewEvent other =
        NewEvent.of("t", Json.parse("{\"t\":\"abvhkgomnexxoUtu|U\"}")).withProducer("p", 1);
    CompletableFuture<AppendResult> pending = log().appendAsync(id, first);
    failure(Code.PRODUCER_REPLAY_CONFLICT, log().appendAsync(id, other));
    await(pending);
    failure(Code.PRODUCER_REPLAY_CONFLICT, () -> log().append(id, other));
    reopen();
    failure(Code.PRODUCER_REPLAY_CONFLICT, () -> log().append(id, other));
    assertThat(log().append(id, first)).isEqualTo(deduped(1, 1));
  }

  @Test
  @DisplayName("APP-4.3: the seal is part of the content")
  void sealIsContent() {
    String id = newSession();
    log().append(id, numbered("p", 1));
    failure(Code.PRODUCER_REPLAY_CONFLICT, () -> log().append(id, numbered("p", 1), SEAL));
    assertThat(log().get(id).sealed()).isFalse();
    assertThat(log().append(id, numbered("p", 2), SEAL)).isEqualTo(appended(2));
    for (int round = 0; round < 2; round++) {
      assertThat(log().append(id, numbered("p", 2), SEAL)).isEqualTo(deduped(2, 2));
      assertThat(log().append(id, numbered("p", 1))).isEqualTo(deduped(1, 2));
      failure(Code.PRODUCER_REPLAY_CONFLICT, () -> log().append(id, numbered("p", 2)));
      reopen();
    }
  }

  @Test
  @DisplayName("APP-4.5: a gap, or a number below the first, is a conflict that names the next one")
  void gap() {
    String id = newSession();
    log().appendAll(id, numbered("p", 5, 6));
    for (int round = 0; round < 2; round++) {
      for (long number : new long[] {1, 4, 8, Long.MAX_VALUE}) {
        SessionLogException conflict =
            failure(Code.PRODUCER_SEQ_CONFLICT, () -> log().append(id, numbered("p", number)));
        assertThat(conflict.expectedProducerSeq()).hasValue(7);
      }
      reopen();
    }
    assertThat(log().append(id, numbered("p", 7))).isEqualTo(appended(3));
  }

  @Test
  @DisplayName("APP-4: events without a producer are not deduplicated, nor is an idempotency key")
  void withoutProducer() {
    String id = newSession();
    for (int i = 1; i <= 3; i++) {
      assertThat(log().append(id, event("same").withIdempotencyKey("k"))).isEqualTo(appended(i));
    }
  }

  @Test
  @DisplayName("APP-4: past maxProducers a new producer fails, an old one goes on")
  void tooManyProducers() {
    settings(builder -> builder.maxProducers(2));
    String id = newSession();
    log().append(id, numbered("p", 1));
    failure(
        Code.TOO_MANY_PRODUCERS,
        () -> log().appendAll(id, List.of(numbered("q", 1), numbered("r", 1))));
    log().append(id, numbered("q", 1));
    for (int round = 0; round < 2; round++) {
      failure(Code.TOO_MANY_PRODUCERS, () -> log().append(id, numbered("r", 1)));
      assertThat(log().append(id, numbered("p", 1)).deduped()).isTrue();
      assertThat(log().append(id, numbered("q", round + 2)).deduped()).isFalse();
      assertThat(log().append(id, event("plain")).deduped()).isFalse();
      reopen();
    }
    assertThat(log().append(newSession(), numbered("r", 1))).isEqualTo(appended(1));
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
}
