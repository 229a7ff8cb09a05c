package ai.starcite.examples.agentruntime;

import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.chat.Checkpoint;
import ai.starcite.chat.Message;
import ai.starcite.chat.ToolCall;
import ai.starcite.chat.ToolResult;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ChatMessageDeserializer;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Reads the messages of a conversation from its events: what a model is to be given after a
 * restart. The latest system message is the one that holds. Answers of which only pieces were
 * streamed are no messages; neither are tool calls of which a result is missing, since models
 * refuse these, nor the results beside them.
 */
final class MessageReader {
  static final String CLEARED = "memory_cleared";

  private final List<Slot> slots = new ArrayList<>();
  private final Map<String, Answer> answers = new LinkedHashMap<>();
  private final Map<String, Answer> callers = new LinkedHashMap<>();
  private SystemMessage system;

  /** A place in the conversation. */
  private interface Slot {
    /** The message, or null if there is none after all. */
    ChatMessage message();
  }

  /** An answer, whose tool calls come before its text. */
  private static final class Answer implements Slot {
    private final List<ToolExecutionRequest> calls = new ArrayList<>();
    private final List<String> answered = new ArrayList<>();
    private String text;
    private ChatMessage whole;

    String nameOf(String callId) {
      return calls.stream()
          .filter(call -> call.id().equals(callId))
          .map(ToolExecutionRequest::name)
          .findFirst()
          .orElseThrow();
    }

    boolean isComplete() {
      return calls.stream().allMatch(call -> answered.contains(call.id()))
          && (text != null || !calls.isEmpty());
    }

    @Override
    public ChatMessage message() {
      if (!isComplete()) {
        return null;
      } else if (whole != null) {
        return whole;
      }
      return calls.isEmpty() ? AiMessage.from(text) : AiMessage.from(text, calls);
    }
  }

  static List<ChatMessage> read(Iterable<Event> events) {
    MessageReader reader = new MessageReader();
    events.forEach(reader::apply);
    return reader.messages();
  }

  private List<ChatMessage> messages() {
    List<ChatMessage> messages = new ArrayList<>();
    if (system != null) {
      messages.add(system);
    }
    slots.stream().map(Slot::message).filter(Objects::nonNull).forEach(messages::add);
    return messages;
  }

  private void apply(Event event) {
    switch (event.type()) {
      case "message" -> message(event, event.as(Message.class));
      case "tool_call" -> call(event, event.as(ToolCall.class));
      case "tool_result" -> result(event, event.as(ToolResult.class));
      case "chat_message" -> {
        ChatMessage custom = ChatMessageDeserializer.messageFromJson(event.payload().toString());
        slots.add(() -> custom);
      }
      case "checkpoint" -> {
        if (event.as(Checkpoint.class).name().equals(CLEARED)) {
          slots.clear();
          answers.clear();
          callers.clear();
          system = null;
        }
      }
      default -> {
        // Deltas, thoughts, errors and what others write: for those who watch, not for the model.
      }
    }
  }

  private static ChatMessage whole(Event event) {
    return event
        .metadata()
        .map(metadata -> metadata.members().get(MessageEvents.WHOLE))
        .map(json -> ChatMessageDeserializer.messageFromJson(json.toString()))
        .orElse(null);
  }

  private void message(Event event, Message message) {
    ChatMessage whole = whole(event);
    switch (message.role()) {
      case "system" -> system = SystemMessage.from(message.text());
      case "assistant" -> {
        Answer answer = answer(message.messageId());
        answer.text = message.text();
        answer.whole = whole;
      }
      default -> {
        ChatMessage user = whole == null ? UserMessage.from(message.text()) : whole;
        slots.add(() -> user);
      }
    }
  }

  private Answer answer(String messageId) {
    Answer known = messageId == null ? null : answers.get(messageId);
    if (known != null) {
      return known;
    }
    Answer begun = new Answer();
    slots.add(begun);
    if (messageId != null) {
      answers.put(messageId, begun);
    }
    return begun;
  }

  private void call(Event event, ToolCall call) {
    Json messageId = event.refs().map(refs -> refs.members().get("request_id")).orElse(null);
    Answer answer = answer(messageId == null ? null : messageId.as(String.class));
    answer.calls.add(
        ToolExecutionRequest.builder()
            .id(call.callId())
            .name(call.name())
            .arguments(text(call.arguments()))
            .build());
    callers.put(call.callId(), answer);
  }

  /** Others in the session may write other JSON than strings; a model is given it as it stands. */
  private static String text(Json json) {
    String text = json.toString();
    return text.startsWith("\"") ? json.as(String.class) : text;
  }

  private void result(Event event, ToolResult result) {
    Answer caller = callers.get(result.callId());
    if (caller == null) {
      return;
    }
    caller.answered.add(result.callId());
    ChatMessage whole = whole(event);
    ChatMessage message =
        whole != null
            ? whole
            : ToolExecutionResultMessage.from(
                result.callId(), caller.nameOf(result.callId()), text(result.result()));
    slots.add(() -> caller.isComplete() ? message : null);
  }
}
