package ai.starcite.chat;

import ai.starcite.EventType;
import ai.starcite.Json;
import ai.starcite.Payload;
import java.util.Objects;

/**
 * A call of a tool. Its {@link ToolResult} carries the same {@code callId}. (Clause EVT-3.)
 *
 * @param callId the id that pairs call and result
 * @param name the tool
 * @param arguments what it is called with, by custom an object
 */
@EventType("tool_call")
public record ToolCall(String callId, String name, Json arguments) implements Payload {
  public ToolCall {
    Objects.requireNonNull(callId, "callId");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(arguments, "arguments");
  }
}
