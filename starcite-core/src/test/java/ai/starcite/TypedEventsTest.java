package ai.starcite;

import static ai.starcite.Invalid.assertInvalid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import ai.starcite.chat.Artifact;
import ai.starcite.chat.Checkpoint;
import ai.starcite.chat.Content;
import ai.starcite.chat.Failure;
import ai.starcite.chat.Handoff;
import ai.starcite.chat.Message;
import ai.starcite.chat.Status;
import ai.starcite.chat.TextDelta;
import ai.starcite.chat.Thinking;
import ai.starcite.chat.ToolCall;
import ai.starcite.chat.ToolResult;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class TypedEventsTest {
  private static final Json DATA = Json.parse(" [ 1.0 , { } ] ");

  /** Each record of the vocabulary, with its type and its payload. */
  static Stream<Arguments> vocabulary() {
    return Stream.of(
        Arguments.of(
            new Message("user", "hi", "m1"),
            "message",
            "{\"role\":\"user\",\"text\":\"hi\",\"message_id\":\"m1\"}"),
        Arguments.of(new Message("user", "hi"), "message", "{\"role\":\"user\",\"text\":\"hi\"}"),
        Arguments.of(new Content("hi"), "content", "{\"text\":\"hi\"}"),
        Arguments.of(
            new TextDelta("m1", ""), "text_delta", "{\"message_id\":\"m1\",\"text\":\"\"}"),
        Arguments.of(
            new Thinking("hm", "m1"), "thinking", "{\"text\":\"hm\",\"message_id\":\"m1\"}"),
        Arguments.of(new Thinking("hm"), "thinking", "{\"text\":\"hm\"}"),
        Arguments.of(
            new ToolCall("c1", "search", Json.parse("{ \"q\" : 1.50 }")),
            "tool_call",
            "{\"call_id\":\"c1\",\"name\":\"search\",\"arguments\":{ \"q\" : 1.50 }}"),
        Arguments.of(
            new ToolResult("c1", Json.parse("null"), true),
            "tool_result",
            "{\"call_id\":\"c1\",\"result\":null,\"is_error\":true}"),
        Arguments.of(
            new ToolResult("c1", Json.parse("\"é\"")),
            "tool_result",
            "{\"call_id\":\"c1\",\"result\":\"é\"}"),
        Arguments.of(
            new Status("running", "step 1"),
            "status",
            "{\"status\":\"running\",\"detail\":\"step 1\"}"),
        Arguments.of(new Status("done"), "status", "{\"status\":\"done\"}"),
        Arguments.of(
            new Handoff("a", "b", "tired"),
            "handoff",
            "{\"from\":\"a\",\"to\":\"b\",\"reason\":\"tired\"}"),
        Arguments.of(new Handoff("a", "b"), "handoff", "{\"from\":\"a\",\"to\":\"b\"}"),
        Arguments.of(
            new Checkpoint("c", Json.parse("[1, 2]")),
            "checkpoint",
            "{\"name\":\"c\",\"data\":[1, 2]}"),
        Arguments.of(new Checkpoint("c"), "checkpoint", "{\"name\":\"c\"}"),
        Arguments.of(
            new Artifact("n", "text/plain", "file:x", Json.parse("{}")),
            "artifact",
            "{\"name\":\"n\",\"media_type\":\"text/plain\",\"uri\":\"file:x\",\"data\":{}}"),
        Arguments.of(new Artifact("n", null, null, null), "artifact", "{\"name\":\"n\"}"),
        Arguments.of(
            new Failure("oops", "E1", "m1"),
            "error",
            "{\"message\":\"oops\",\"code\":\"E1\",\"message_id\":\"m1\"}"),
        Arguments.of(new Failure("oops"), "error", "{\"message\":\"oops\"}"));
  }

  private static Event stored(NewEvent event) {
    return Event.of(42, Instant.EPOCH, event);
  }

  private static Event stored(String type, String payload) {
    return stored(NewEvent.of(type, Json.parse(payload)));
  }

  @ParameterizedTest
  @MethodSource("vocabulary")
  @DisplayName("EVT-3: each record of the vocabulary becomes an event of its type and comes back")
  void vocabulary_roundTrip(Payload typed, String type, String payload) {
    NewEvent event = NewEvent.of(typed);

    assertThat(event.type()).isEqualTo(type);
    assertThat(event.payload()).hasToString(payload);
    assertThat((Object) stored(event).as(typed.getClass())).isEqualTo(typed);
  }

  @ParameterizedTest
  @MethodSource("vocabulary")
  @DisplayName("EVT-3: unknown fields are ignored, and a bare value is INVALID")
  void vocabulary_shape(Payload typed, String type, String payload) {
    String more = payload.replaceFirst("\\{", "{\"unknown\":[{}],");

    assertThat((Object) Json.parse(more).as(typed.getClass())).isEqualTo(typed);
    for (String bare : List.of("\"hi\"", "\"\"", "1", "true", "[]", "null")) {
      assertInvalid(() -> Json.parse(bare).as(typed.getClass()))
          .hasMessageContaining(typed.getClass().getName());
    }
  }

  @Test
  @DisplayName("EVT-3: null is a tool's result, absence is not; absent data is null")
  void jsonNull_andAbsence() {
    assertThat(stored("tool_result", "{\"call_id\":\"c\",\"result\": null }").as(ToolResult.class))
        .isEqualTo(new ToolResult("c", Json.parse("null")));
    assertInvalid(() -> stored("tool_result", "{\"call_id\":\"c\"}").as(ToolResult.class))
        .hasMessageContaining("missing or null: result");
    assertThat(stored("checkpoint", "{\"name\":\"c\"}").as(Checkpoint.class).data()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"name":"x","arguments":{}}               | missing or null: callId
          {"call_id":null,"name":"x","arguments":{}} | missing or null: callId
          {"call_id":5,"name":"x","arguments":{}}   | call_id
          {"call_id":"c","name":["x"],"arguments":{}} | name
          {"call_id":"c","name":"x"}                | missing or null: arguments
          """)
  @DisplayName("EVT-3: a wrong shape is INVALID and names seq, type and what is wrong")
  void as_wrongShape(String payload, String expected) {
    assertInvalid(() -> stored("tool_call", payload).as(ToolCall.class))
        .hasMessageContaining("event 42 (tool_call)")
        .hasMessageContaining("ToolCall")
        .hasMessageContaining(expected);
  }

  @Test
  @DisplayName("EVT-3: an event of another type is INVALID and names both types and the seq")
  void as_otherType() {
    assertInvalid(() -> stored("status", "{\"text\":\"x\"}").as(Content.class))
        .hasMessageContaining("event 42")
        .hasMessageContaining("status")
        .hasMessageContaining("content");
    assertInvalid(() -> stored("message", "{\"text\":\"x\"}").as(Content.class));
    assertInvalid(() -> stored("text_delta", "{}").as(Message.class));
  }

  @ParameterizedTest
  @CsvSource({
    "user:u1, user",
    "tool:search, tool",
    "system, system",
    "system:x, system",
    "agent:drafter, assistant",
    "user, assistant",
    "systematic, assistant",
    "toolbox:x, assistant",
    "anybody, assistant"
  })
  @DisplayName("EVT-3: content is seen as a message in the role of its actor")
  void content_asMessage(String actor, String role) {
    Event content = stored(NewEvent.of(new Content("hi")).withActor(actor));

    assertThat(Message.of(content)).isEqualTo(new Message(role, "hi"));
    assertThat(content.as(Content.class)).isEqualTo(new Content("hi"));
  }

  @Test
  @DisplayName("EVT-3: content without an actor is the assistant's; without text it is INVALID")
  void content_withoutActor() {
    assertThat(Message.of(stored("content", "{\"text\":\"hi\"}")))
        .isEqualTo(Message.assistant("hi"));
    assertInvalid(() -> Message.of(stored("content", "{\"txt\":\"hi\"}")))
        .hasMessageContaining("event 42 (content)");
  }

  @EventType("deploy_finished")
  record DeployFinished(String serviceName, int replicas, Map<String, Json> labels)
      implements Payload {}

  @EventType("started")
  record Started() implements Payload {}

  record Unnamed(String text) implements Payload {}

  @EventType("")
  record BadName(String text) implements Payload {}

  @EventType("bag")
  static final class Bag implements Payload {
    public String itemName = "";
  }

  @Test
  @DisplayName("EVT-3: records and classes of one's own work the same way")
  void ownTypes() {
    DeployFinished deploy = new DeployFinished("api", 3, Map.of("a", Json.parse("{ \"b\" : 1 }")));
    Bag bag = new Bag();
    bag.itemName = "x";

    assertThat(NewEvent.of(deploy).payload())
        .hasToString("{\"service_name\":\"api\",\"replicas\":3,\"labels\":{\"a\":{ \"b\" : 1 }}}");
    assertThat(stored(NewEvent.of(deploy)).as(DeployFinished.class)).isEqualTo(deploy);
    assertThat(stored(NewEvent.of(new Started())).as(Started.class)).isEqualTo(new Started());
    assertThat(stored(NewEvent.of(bag)).as(Bag.class).itemName).isEqualTo("x");
    assertThat(stored("anything", "{\"text\":\"x\"}").as(Unnamed.class))
        .isEqualTo(new Unnamed("x"));
    assertThat((Object) stored("anything", "{\"text\":\"x\"}").as(Map.class))
        .isEqualTo(Map.of("text", "x"));
  }

  @Test
  @DisplayName("EVT-3: a class without a type is INVALID and the message says what to do")
  void of_withoutType() {
    assertInvalid(() -> NewEvent.of(new Unnamed("x")))
        .hasMessageContaining("Unnamed")
        .hasMessageContaining("@EventType")
        .hasMessageContaining("NewEvent.of(type, Json.encode(value))");
    assertInvalid(() -> NewEvent.of(new BadName("x"))).hasMessageContaining("type must be");
  }

  @Test
  @DisplayName("EVT-4: a typed event that is not valid JSON is INVALID")
  void of_invalidContent() {
    Json deep = Json.parse(JsonTest.nested(100));

    assertInvalid(() -> NewEvent.of(new Content("\ud800"))).hasMessageContaining("surrogate");
    assertInvalid(() -> NewEvent.of(new Checkpoint("c", deep)))
        .hasMessageContaining("nested deeper than 100 levels");
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  @JsonSubTypes(@JsonSubTypes.Type(value = Circle.class, name = "circle"))
  sealed interface Shape permits Circle {}

  record Circle(double radius, Json style) implements Shape {}

  @Test
  @DisplayName("EVT-3: Json in a value that Jackson buffers keeps its meaning")
  void json_buffered() {
    String text =
        "{\"style\": {\"a\": 1.50, \"b\": [1e999999999]} ,\"radius\":1,\"kind\":\"circle\"}";
    Circle circle = (Circle) Json.parse(text).as(Shape.class);

    assertThat(circle.style().sameValue(Json.parse("{\"a\":1.50,\"b\":[1e999999999]}"))).isTrue();
    assertThat(Json.encode(circle).members()).containsKeys("kind", "radius", "style");
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = "x")
  @DisplayName("ERR-1: a required component that is null is named, an optional one may be")
  void nullComponents(String optional) {
    assertNull("role", () -> new Message(null, "t", optional));
    assertNull("text", () -> new Message("r", null, optional));
    assertNull("text", () -> new Content(null));
    assertNull("messageId", () -> new TextDelta(null, "t"));
    assertNull("text", () -> new TextDelta("m", null));
    assertNull("text", () -> new Thinking(null, optional));
    assertNull("callId", () -> new ToolCall(null, "n", DATA));
    assertNull("name", () -> new ToolCall("c", null, DATA));
    assertNull("arguments", () -> new ToolCall("c", "n", null));
    assertNull("callId", () -> new ToolResult(null, DATA));
    assertNull("result", () -> new ToolResult("c", null));
    assertNull("status", () -> new Status(null, optional));
    assertNull("from", () -> new Handoff(null, "t", optional));
    assertNull("to", () -> new Handoff("f", null, optional));
    assertNull("name", () -> new Checkpoint(null, DATA));
    assertNull("name", () -> new Artifact(null, optional, optional, null));
    assertNull("message", () -> new Failure(null, optional, optional));
  }

  private static void assertNull(String name, ThrowingCallable call) {
    assertThatNullPointerException().isThrownBy(call).withMessage(name);
  }
}
