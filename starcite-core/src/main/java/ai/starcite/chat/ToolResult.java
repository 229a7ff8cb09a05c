package ai.starcite.chat;

import ai.starcite.EventType;
import ai.starcite.Json;
import ai.starcite.Payload;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link ToolCall} came to. (Clause EVT-3.)
 *
 * @param callId the id of the call
 * @param result the result, any JSON value, JSON's null included
 * @param isError whether the call failed, or null if nobody said
 */
@EventType("tool_result")
public record ToolResult(String callId, Json result, @Nullable Boolean isError) implements Payload {
  public ToolResult {
    Objects.requireNonNull(callId, "callId");
    Objects.requireNonNull(result, "result");
  }

  /**
   * Makes a result that is not marked as an error.
   *
   * @param callId the id of the call
   * @param result the result, any JSON value, JSON's null included
   */
  public ToolResult(String callId, Json result) {
    this(callId, result, null);
  }
}
