package ai.starcite.examples.support;

import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.SessionLogException;
import ai.starcite.chat.Message;
import ai.starcite.chat.ToolCall;
import ai.starcite.chat.ToolResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Turns a message of OpenAI's chat API into events and back, without loss.
 *
 * <p>Text becomes a {@link Message}, each of the tool calls a {@link ToolCall}, a tool's answer a
 * {@link ToolResult}. What those have no place for, such as {@code "content": null} or a {@code
 * name}, is the metadata of the first event. A message that does not come back equal from that is
 * stored as it stands, as an event of type {@code chat_message}.
 */
final class ChatMessage {
  private ChatMessage() {}

  /** What this reads of a message; all of it may be absent but the role. */
  private record Shape(
      String role, Json content, String name, List<Call> toolCalls, String toolCallId) {
    private Shape {
      Objects.requireNonNull(role, "role");
      if (toolCalls != null) {
        toolCalls.forEach(call -> Objects.requireNonNull(call, "tool call"));
      }
    }
  }

  private record Speaker(String role) {
    private Speaker {
      Objects.requireNonNull(role, "role");
    }
  }

  private record Call(String id, String type, Function function) {
    private Call {
      Objects.requireNonNull(id, "id");
      Objects.requireNonNull(function, "function");
    }
  }

  private record Function(String name, String arguments) {
    private Function {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(arguments, "arguments");
    }
  }

  /** Who speaks: system, user, assistant or tool. */
  static String role(Json message) {
    return message.as(Speaker.class).role();
  }

  /** The events of a message, to be appended as one batch. */
  static List<NewEvent> toEvents(Json message) {
    try {
      List<NewEvent> events = typed(message);
      if (fromNewEvents(events).sameValue(message)) {
        return events;
      }
    } catch (SessionLogException e) {
      // It has another shape, such as a tool call that is not a function's.
    }
    return List.of(NewEvent.of("chat_message", message).withActor(role(message)));
  }

  private static List<NewEvent> typed(Json message) {
    Shape shape = message.as(Shape.class);
    Map<String, Json> rest = new LinkedHashMap<>(message.members());
    rest.remove("role");
    List<NewEvent> events = new ArrayList<>();
    if (shape.toolCallId() != null && shape.content() != null) {
      rest.remove("tool_call_id");
      rest.remove("content");
      events.add(NewEvent.of(new ToolResult(shape.toolCallId(), shape.content())));
    } else {
      if (isText(shape.content())) {
        rest.remove("content");
        events.add(NewEvent.of(new Message(shape.role(), shape.content().as(String.class))));
      }
      if (shape.toolCalls() != null && !shape.toolCalls().isEmpty()) {
        rest.remove("tool_calls");
        shape.toolCalls().forEach(call -> events.add(NewEvent.of(toToolCall(call))));
      }
    }
    events.replaceAll(event -> event.withActor(actor(shape)));
    if (!events.isEmpty() && !rest.isEmpty()) {
      events.set(0, events.get(0).withMetadata(Json.encode(rest)));
    }
    return events;
  }

  private static String actor(Shape shape) {
    return switch (shape.role()) {
      case "user" -> "user:customer";
      case "assistant" -> "agent:assistant";
      case "tool" -> shape.name() == null ? "tool" : "tool:" + shape.name();
      default -> shape.role();
    };
  }

  /** The message that these events are. */
  static Json fromEvents(List<Event> events) {
    Map<String, Object> message = new LinkedHashMap<>();
    List<Call> calls = new ArrayList<>();
    for (Event event : events) {
      switch (event.type()) {
        case "message" -> {
          message.put("role", event.as(Message.class).role());
          message.put("content", event.as(Message.class).text());
        }
        case "tool_call" -> {
          message.put("role", "assistant");
          calls.add(fromToolCall(event.as(ToolCall.class)));
          message.put("tool_calls", calls);
        }
        case "tool_result" -> {
          message.put("role", "tool");
          message.put("tool_call_id", event.as(ToolResult.class).callId());
          message.put("content", event.as(ToolResult.class).result());
        }
        default -> {
          return event.payload();
        }
      }
    }
    events.stream()
        .flatMap(event -> event.metadata().stream())
        .forEach(rest -> message.putAll(rest.members()));
    return Json.encode(message);
  }

  private static Json fromNewEvents(List<NewEvent> events) {
    return fromEvents(events.stream().map(e -> Event.of(1, Instant.EPOCH, e)).toList());
  }

  /** The API has the arguments as a string. If that is an object, it is worth being one here. */
  private static ToolCall toToolCall(Call call) {
    String text = call.function().arguments();
    Json arguments;
    try {
      boolean isObject = text.startsWith("{") && text.endsWith("}");
      arguments = isObject ? Json.parse(text) : Json.encode(text);
    } catch (SessionLogException e) {
      arguments = Json.encode(text); // models write what is no JSON, too
    }
    return new ToolCall(call.id(), call.function().name(), arguments);
  }

  private static Call fromToolCall(ToolCall call) {
    Json arguments = call.arguments();
    String text = isText(arguments) ? arguments.as(String.class) : arguments.toString();
    return new Call(call.callId(), "function", new Function(call.name(), text));
  }

  private static boolean isText(Json json) {
    return json != null && json.toString().startsWith("\"");
  }
}
