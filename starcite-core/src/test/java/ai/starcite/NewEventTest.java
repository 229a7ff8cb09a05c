package ai.starcite;

import static ai.starcite.Invalid.assertInvalid;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class NewEventTest {
  private static final Json EMPTY = Json.parse("{}");
  private static final NewEvent BARE = NewEvent.of("message", EMPTY);

  static NewEvent full() {
    return NewEvent.of("message", Json.parse("{ \"text\" : \"hällo\" }"))
        .withActor("user:ü")
        .withSource("web")
        .withMetadata(Json.parse("{\"m\" : 1.0}"))
        .withRefs(Json.parse("{\"to_seq\": 3,\"other\":[ ]}"))
        .withIdempotencyKey("key \"1\"")
        .withProducer("p\n1", Long.MAX_VALUE);
  }

  /** Every field that is a string, with what sets it. */
  static Stream<Named<BiFunction<String, Json, NewEvent>>> strings() {
    return Stream.of(
        Named.of("type", NewEvent::of),
        Named.of("actor", (text, json) -> BARE.withActor(text)),
        Named.of("source", (text, json) -> BARE.withSource(text)),
        Named.of("idempotencyKey", (text, json) -> BARE.withIdempotencyKey(text)),
        Named.of("producerId", (text, json) -> BARE.withProducer(text, 1)));
  }

  @Test
  @DisplayName("EVT-1: an event has the fields that it was given, and no others")
  void accessors() {
    assertThat(full().type()).isEqualTo("message");
    assertThat(full().payload()).hasToString("{ \"text\" : \"hällo\" }");
    assertThat(full().actor()).contains("user:ü");
    assertThat(full().source()).contains("web");
    assertThat(full().metadata()).contains(Json.parse("{\"m\" : 1.0}"));
    assertThat(full().refs()).contains(Json.parse("{\"to_seq\": 3,\"other\":[ ]}"));
    assertThat(full().idempotencyKey()).contains("key \"1\"");
    assertThat(full().producerId()).contains("p\n1");
    assertThat(full().producerSeq()).hasValue(Long.MAX_VALUE);

    assertThat(
            Stream.of(
                BARE.actor(),
                BARE.source(),
                BARE.metadata(),
                BARE.refs(),
                BARE.idempotencyKey(),
                BARE.producerId()))
        .allMatch(Optional::isEmpty);
    assertThat(BARE.producerSeq()).isEmpty();
  }

  @Test
  @DisplayName("EVT-1: setting a field makes a copy and keeps the others")
  void withers_copy() {
    NewEvent changed =
        full()
            .withActor("a")
            .withSource("b")
            .withMetadata(EMPTY)
            .withRefs(EMPTY)
            .withIdempotencyKey("c")
            .withProducer("d", 1);

    assertThat(changed)
        .isEqualTo(
            NewEvent.of("message", full().payload())
                .withProducer("d", 1)
                .withIdempotencyKey("c")
                .withRefs(EMPTY)
                .withMetadata(EMPTY)
                .withSource("b")
                .withActor("a"));
    assertThat(full().withAgent("x")).isEqualTo(full().withActor("agent:x"));
    assertThat(BARE.actor()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("strings")
  @DisplayName("EVT-1: strings are 1 to 256 bytes of UTF-8, control characters included")
  void strings_length(BiFunction<String, Json, NewEvent> set) {
    for (String good : new String[] {"x", "\u0000", "é".repeat(128), "😀".repeat(64), " "}) {
      assertThat(set.apply(good, EMPTY).toJson().members().values()).contains(Json.encode(good));
    }
    for (String bad : new String[] {"x".repeat(257), "é".repeat(128) + "x", "😀".repeat(65)}) {
      assertInvalid(() -> set.apply(bad, EMPTY))
          .hasMessageContaining("1 to 256 bytes of UTF-8, this is " + bad.getBytes(UTF_8).length);
    }
    assertInvalid(() -> set.apply("", EMPTY)).hasMessageContaining("this is 0");
  }

  @ParameterizedTest
  @MethodSource("strings")
  @DisplayName("EVT-4: a lone surrogate in any string is INVALID")
  void strings_loneSurrogate(BiFunction<String, Json, NewEvent> set) {
    for (String bad : new String[] {"\ud800", "a\udc00b", "\udc00\ud800", "x\ud800"}) {
      assertInvalid(() -> set.apply(bad, EMPTY)).hasMessageContaining("lone surrogate at index");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "1", "\"{}\"", "null"})
  @DisplayName("EVT-1: payload, metadata and refs are JSON objects")
  void objects(String text) {
    Json json = Json.parse(text);

    assertInvalid(() -> NewEvent.of("x", json)).hasMessageContaining("payload must be");
    assertInvalid(() -> BARE.withMetadata(json)).hasMessageContaining("metadata must be");
    assertInvalid(() -> BARE.withRefs(json)).hasMessageContaining("refs must be");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"to_seq\":1,\"step\":0,\"request_id\":\"\",\"sequence_id\":\"s\"}",
        "{\"to_seq\":9223372036854775807,\"others\":{\"to_seq\":-1}}",
        "{\"to_seq\":null,\"step\":null,\"request_id\":null,\"sequence_id\":null}"
      })
  @DisplayName("EVT-1: refs are kept as given")
  void refs_kept(String text) {
    assertThat(BARE.withRefs(Json.parse(text)).refs()).contains(Json.parse(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          to_seq      | 0
          to_seq      | -1
          to_seq      | 1.0
          to_seq      | 1e2
          to_seq      | '"1"'
          to_seq      | 9223372036854775808
          to_seq      | {}
          step        | -1
          step        | 0.5
          step        | true
          request_id  | 1
          request_id  | []
          sequence_id | false
          """)
  @DisplayName("EVT-1: refs of the wrong type or range are INVALID")
  void refs_invalid(String name, String value) {
    Json refs = Json.parse("{\"" + name + "\":" + value + "}");

    assertInvalid(() -> BARE.withRefs(refs))
        .hasMessageContaining("refs." + name)
        .hasMessageContaining(value);
  }

  @Test
  @DisplayName("EVT-1: refs can be given as a record")
  void refs_record() {
    assertThat(BARE.withRefs(Refs.to(7)).refs()).contains(Json.parse("{\"to_seq\":7}"));
    Refs refs = new Refs(null, "r", "s", 2L);
    assertThat(BARE.withRefs(refs).refs().orElseThrow().as(Refs.class)).isEqualTo(refs);
    assertInvalid(() -> BARE.withRefs(Refs.to(0))).hasMessageContaining("refs.to_seq");
  }

  @Test
  @DisplayName("APP-4: producer numbers begin at 1")
  void producerSeq_range() {
    assertInvalid(() -> BARE.withProducer("p", 0)).hasMessageContaining("producerSeq must be 1");
    assertInvalid(() -> BARE.withProducer("p", -1)).hasMessageContaining("this is -1");
  }

  @Test
  @DisplayName("EVT-4: the size is the UTF-8 bytes of the strings and the JSON")
  void size() {
    assertThat(BARE.size()).isEqualTo("message{}".length());
    assertThat(full().size())
        .isEqualTo(
            ("message{ \"text\" : \"hällo\" }user:üweb{\"m\" : 1.0}{\"to_seq\": 3,\"other\":[ ]}"
                    + "key \"1\"p\n1")
                .getBytes(UTF_8)
                .length);
    assertThat(BARE.withActor("😀é").size()).isEqualTo(BARE.size() + 6);
  }

  @Test
  @DisplayName("EVT-2: the wire form embeds JSON byte for byte and leaves out what is not there")
  void toJson_form() {
    assertThat(BARE.toJson()).hasToString("{\"type\":\"message\",\"payload\":{}}");
    assertThat(full().toJson())
        .hasToString(
            "{\"type\":\"message\",\"payload\":{ \"text\" : \"hällo\" },\"actor\":\"user:ü\","
                + "\"source\":\"web\",\"metadata\":{\"m\" : 1.0},"
                + "\"refs\":{\"to_seq\": 3,\"other\":[ ]},\"idempotency_key\":\"key \\\"1\\\"\","
                + "\"producer_id\":\"p\\n1\",\"producer_seq\":9223372036854775807}");
  }

  @Test
  @DisplayName("EVT-2: the wire form reads back as the same event")
  void fromJson_readsBack() {
    assertThat(NewEvent.fromJson(full().toJson())).isEqualTo(full()).hasSameHashCodeAs(full());
    assertThat(NewEvent.fromJson(Json.parse(BARE.toJson().toString()))).isEqualTo(BARE);
  }

  @Test
  @DisplayName("EVT-4: a payload of 100 levels goes through the wire form")
  void fromJson_deepPayload() {
    NewEvent deep = NewEvent.of("x", Json.parse("{\"a\":" + JsonTest.nested(99) + "}"));

    assertThat(NewEvent.fromJson(deep.toJson())).isEqualTo(deep);
    assertThat(NewEvent.fromJson(Json.parse(deep.toJson().bytes()))).isEqualTo(deep);
  }

  @Test
  @DisplayName("EVT-1: reading takes null for absent, digits in a string, and unknown names")
  void fromJson_lenient() {
    NewEvent event =
        NewEvent.fromJson(
            Json.parse(
                "{\"new\":{},\"payload\": {} ,\"type\":\"\\u0078\",\"actor\":null,"
                    + "\"metadata\": null,\"refs\":null,\"source\":null,\"idempotency_key\":null,"
                    + "\"producer_seq\":\"42\",\"producer_id\":\"p\",\"seq\":7}"));

    assertThat(event).isEqualTo(NewEvent.of("x", EMPTY).withProducer("p", 42));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          []                                      | an event must be a JSON object
          {}                                      | needs type
          {"type":"x"}                            | needs payload
          {"type":null,"payload":{}}              | needs type
          {"type":5,"payload":{}}                 | type must be a JSON string
          {"type":"","payload":{}}                | type must be 1 to 256 bytes
          {"type":"x","payload":"{}"}             | payload must be a JSON object
          {"type":"x","payload":{},"actor":["a"]} | actor must be a JSON string
          {"type":"x","payload":{},"refs":"r"}    | refs must be a JSON object
          {"type":"x","payload":{},"refs":{"to_seq":0}} | refs.to_seq
          {"type":"x","payload":{},"metadata":1}  | metadata must be a JSON object
          {"type":"x","payload":{},"producer_id":"p"} | belong together
          {"type":"x","payload":{},"producer_seq":1} | belong together
          {"type":"x","payload":{},"producer_id":"p","producer_seq":0} | producerSeq must be 1 or more
          {"type":"x","payload":{},"producer_id":"p","producer_seq":-1} | producer_seq must be
          {"type":"x","payload":{},"producer_id":"p","producer_seq":1.0} | producer_seq must be
          {"type":"x","payload":{},"producer_id":"p","producer_seq":"1x"} | producer_seq must be
          {"type":"x","payload":{},"producer_id":"p","producer_seq":""} | producer_seq must be
          {"type":"x","payload":{},"producer_id":"p","producer_seq":9223372036854775808} | producer_seq
          {"type":"x","payload":{},"producer_id":"p","producer_seq":true} | producer_seq must be
          """)
  @DisplayName("EVT-1: what is not the wire form of an event is INVALID and says why")
  void fromJson_invalid(String text, String expected) {
    assertInvalid(() -> NewEvent.fromJson(Json.parse(text))).hasMessageContaining(expected);
  }

  @Test
  @DisplayName("EVT-1: events are equal if all their fields are")
  void equals_everyField() {
    assertThat(full())
        .isEqualTo(full())
        .hasSameHashCodeAs(full())
        .isNotEqualTo(full().withActor("x"))
        .isNotEqualTo(full().withSource("x"))
        .isNotEqualTo(full().withMetadata(EMPTY))
        .isNotEqualTo(full().withRefs(EMPTY))
        .isNotEqualTo(full().withIdempotencyKey("x"))
        .isNotEqualTo(full().withProducer("x", Long.MAX_VALUE))
        .isNotEqualTo(full().withProducer("p\n1", 1))
        .isNotEqualTo(NewEvent.of("message", full().payload()));
    assertThat(BARE)
        .isNotEqualTo(NewEvent.of("x", EMPTY))
        .isNotEqualTo(NewEvent.of("message", Json.parse("{ }")))
        .isNotEqualTo(null);
  }

  @Test
  @DisplayName("EVT-1: the description is for people, and short")
  void toString_isShort() {
    NewEvent big = NewEvent.of("x", Json.parse("{\"a\":\"" + "y".repeat(100_000) + "\"}"));

    assertThat(big.withProducer("p", 3).toString())
        .startsWith("NewEvent[type=x, producerId=p, producerSeq=3, payload={\"a\":\"yyy")
        .hasSizeLessThan(200);
  }

  @Test
  @DisplayName("ERR-1: a null argument is named")
  void nullArguments() {
    assertNull("type", () -> NewEvent.of(null, EMPTY));
    assertNull("payload", () -> NewEvent.of("x", null));
    assertNull("typed", () -> NewEvent.of(null));
    assertNull("wire", () -> NewEvent.fromJson(null));
    assertNull("actor", () -> BARE.withActor(null));
    assertNull("name", () -> BARE.withAgent(null));
    assertNull("source", () -> BARE.withSource(null));
    assertNull("metadata", () -> BARE.withMetadata(null));
    assertNull("refs", () -> BARE.withRefs((Json) null));
    assertNull("refs", () -> BARE.withRefs((Refs) null));
    assertNull("idempotencyKey", () -> BARE.withIdempotencyKey(null));
    assertNull("producerId", () -> BARE.withProducer(null, 1));
  }

  private static void assertNull(String name, ThrowingCallable call) {
    assertThatNullPointerException().isThrownBy(call).withMessage(name);
  }
}
