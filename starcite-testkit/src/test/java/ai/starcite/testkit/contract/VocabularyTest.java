package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.Event;
import ai.starcite.EventType;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.Payload;
import ai.starcite.Refs;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The vocabulary of AI sessions, appended and read back. */
@OverMemory
class VocabularyTest extends LogFixture {

  /** A payload of the user's own. */
  @EventType("order_placed")
  public record OrderPlaced(String orderId, int amount, List<String> itemIds) implements Payload {}

  /** A payload that names no type. */
  public record Untyped(String orderId) implements Payload {}

  @BeforeEach
  void create() {
    log().create(NewSession.ofId("s"));
  }

  private Event stored(NewEvent event) {
    long seq = log().append("s", event).seq();
    reopen();
    return read("s").get((int) seq - 1);
  }

  @Test
  @DisplayName("EVT-3: every record of the vocabulary comes back equal, under its type and names")
  void records() {
    Json data = Json.parse("{\"x\": 1.0}");
    Map<Payload, String> wire = new LinkedHashMap<>();
    wire.put(
        new Message("user", "hi", "m1"), "message {'role':'user','text':'hi','message_id':'m1'}");
    wire.put(new Message("user", "hi"), "message {'role':'user','text':'hi'}");
    wire.put(new Content("hi"), "content {'text':'hi'}");
    wire.put(new TextDelta("m1", "h"), "text_delta {'message_id':'m1','text':'h'}");
    wire.put(new Thinking("hm", "m1"), "thinking {'text':'hm','message_id':'m1'}");
    wire.put(
        new ToolCall("c1", "search", data),
        "tool_call {'call_id':'c1','name':'search','arguments':{'x':1}}");
    wire.put(
        new ToolResult("c1", data, true),
        "tool_result {'call_id':'c1','result':{'x':1},'is_error':true}");
    wire.put(new Status("running", "50 %"), "status {'status':'running','detail':'50 %'}");
    wire.put(new Handoff("a", "b", "because"), "handoff {'from':'a','to':'b','reason':'because'}");
    wire.put(new Checkpoint("cp", data), "checkpoint {'name':'cp','data':{'x':1}}");
    wire.put(
        new Artifact("a.md", "text/markdown", "file:a", data),
        "artifact {'name':'a.md','media_type':'text/markdown','uri':'file:a','data':{'x':1}}");
    wire.put(
        new Failure("boom", "E1", "m1"), "error {'message':'boom','code':'E1','message_id':'m1'}");
    log().appendAll("s", wire.keySet().stream().map(NewEvent::of).toList());
    reopen();
    List<Event> events = read("s");
    int i = 0;
    for (Map.Entry<Payload, String> each : wire.entrySet()) {
      Event event = events.get(i++);
      String[] expected = each.getValue().split(" ", 2);
      assertThat(event.type()).isEqualTo(expected[0]);
      assertThat(event.payload().sameValue(Json.parse(expected[1].replace('\'', '"'))))
          .as("%s", event.payload())
          .isTrue();
      assertThat((Object) event.as(each.getKey().getClass())).isEqualTo(each.getKey());
    }
  }

  @Test
  @DisplayName("EVT-3: content is seen as a message in the role of its actor")
  void contentAsMessage() {
    Event byAgent = stored(NewEvent.of(new Content("hi")).withAgent("drafter"));
    assertThat(Message.of(byAgent)).isEqualTo(new Message("assistant", "hi"));
    Event byUser = stored(NewEvent.of(new Content("hi")).withActor("user:u1"));
    assertThat(Message.of(byUser)).isEqualTo(new Message("user", "hi"));
  }

  @Test
  @DisplayName("EVT-3: a result is paired by call_id, and refs.to_seq is optional")
  void pairing() {
    Event call = stored(NewEvent.of(new ToolCall("c1", "search", Json.parse("{}"))));
    ToolResult result = new ToolResult("c1", Json.parse("[1]"), false);
    Event plain = stored(NewEvent.of(result));
    Event referring = stored(NewEvent.of(result).withRefs(Refs.to(call.seq())));
    assertThat(plain.as(ToolResult.class).callId()).isEqualTo(call.as(ToolCall.class).callId());
    assertThat(plain.refs()).isEmpty();
    assertThat(referring.refs().orElseThrow().as(Refs.class)).isEqualTo(Refs.to(1));
  }

  @Test
  @DisplayName("EVT-3: as works for the user's own records and ignores unknown fields")
  void ownRecords() {
    OrderPlaced order = new OrderPlaced("o1", 3, List.of("a", "b"));
    Event event = stored(NewEvent.of(order));
    assertThat(event.type()).isEqualTo("order_placed");
    assertThat(event.as(OrderPlaced.class)).isEqualTo(order);
    assertThat(event.as(Untyped.class)).isEqualTo(new Untyped("o1"));
    Event newer =
        stored(
            NewEvent.of(
                "order_placed",
                Json.parse("{\"new\":1,\"order_id\":\"o1\",\"amount\":3,\"item_ids\":[]}")));
    assertThat(newer.as(OrderPlaced.class)).isEqualTo(new OrderPlaced("o1", 3, List.of()));
  }

  @Test
  @DisplayName("EVT-3: as says INVALID for a wrong shape or type, and says which event it is")
  void wrongShape() {
    Event wrong = stored(NewEvent.of("tool_call", Json.parse("{\"call_id\":1,\"name\":\"n\"}")));
    SessionLogException failure = failure(Code.INVALID, () -> wrong.as(ToolCall.class));
    assertThat(failure).hasMessageContaining("event 1").hasMessageContaining("call_id");
    failure(Code.INVALID, () -> wrong.as(Message.class));
    failure(Code.INVALID, () -> NewEvent.of(new Untyped("x")));
  }

  @Test
  @DisplayName("EVT-3: any other type works without records")
  void otherTypes() {
    NewEvent own = NewEvent.of("com.example/Ünknown v2", Json.parse("{\"a\":[1]}"));
    Event event = stored(own);
    assertThat(event.toNewEvent()).isEqualTo(own);
    assertThat((Object) event.as(Map.class)).isEqualTo(Map.of("a", List.of(1)));
  }
}
