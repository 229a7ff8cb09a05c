package ai.starcite.examples.support;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.chat.ToolCall;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChatMessageTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          message               | {"role":"user","content":"Grüße 👋 \\u0000 \\"q\\""}
          message               | {"role":"user","content":""}
          message               | {"role":"user","content":"hi","name":"ann"}
          message               | {"role":"developer","content":"be brief"}
          message               | {"role":"assistant","content":"hi","refusal":null,"tool_calls":null}
          message               | {"role":"assistant","content":"hi","tool_calls":[]}
          message               | {"role":"tool","content":"no call id"}
          tool_call             | {"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{ \\"x\\" : 1.0 }"}}]}
          tool_call             | {"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":" {}"}}]}
          tool_call             | {"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":""}}]}
          tool_call             | {"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{broken"}}]}
          tool_call             | {"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"\\"text\\""}}]}
          tool_call             | {"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"[1]"}}]}
          tool_call,tool_call   | {"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}},{"id":"b","type":"function","function":{"name":"g","arguments":"{}"}}]}
          message,tool_call     | {"role":"assistant","content":"wait","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]}
          tool_result           | {"role":"tool","tool_call_id":"a","name":"f","content":"42"}
          tool_result           | {"role":"tool","tool_call_id":"a","content":null}
          tool_result           | {"role":"tool","tool_call_id":"a","content":[{"type":"text","text":"x"}]}
          chat_message          | {"role":"tool","tool_call_id":"a"}
          chat_message          | {"role":"user","content":null}
          chat_message          | {"role":"user"}
          chat_message          | {"role":"assistant","tool_calls":[null]}
          chat_message          | {"role":"user","content":[{"type":"image_url","image_url":{"url":"u"}}]}
          chat_message          | {"role":"assistant","tool_calls":[{"id":"a","type":"custom","custom":{"name":"f","input":"x"}}]}
          chat_message          | {"role":"assistant","tool_calls":[{"id":"a","index":0,"type":"function","function":{"name":"f","arguments":"{}"}}]}
          chat_message          | {"role":"user","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]}
          """)
  void message_asEventsAndBack_isEqual(String types, String text) {
    Json message = Json.parse(text);
    List<NewEvent> events = ChatMessage.toEvents(message);

    assertThat(events).extracting(NewEvent::type).containsExactly(types.split(","));
    assertThat(ChatMessage.fromEvents(stored(events))).matches(message::sameValue, text);
  }

  @Test
  void argumentsThatAreAnObject_areOneInTheToolCall() {
    Json message =
        Json.parse(
            """
            {"role":"assistant","tool_calls":[{"id":"a","type":"function",
              "function":{"name":"f","arguments":"{\\"city\\": \\"Oslo\\"}"}}]}\
            """);

    ToolCall call = stored(ChatMessage.toEvents(message)).get(0).as(ToolCall.class);

    assertThat(call).isEqualTo(new ToolCall("a", "f", Json.parse("{\"city\": \"Oslo\"}")));
  }

  private static List<Event> stored(List<NewEvent> events) {
    return events.stream().map(event -> Event.of(1, Instant.EPOCH, event)).toList();
  }
}
