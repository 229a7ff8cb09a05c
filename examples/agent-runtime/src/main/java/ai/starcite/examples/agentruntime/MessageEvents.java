package ai.starcite.examples.agentruntime;

import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.Refs;
import ai.starcite.SessionLogException;
import ai.starcite.chat.Message;
import ai.starcite.chat.ToolCall;
import ai.starcite.chat.ToolResult;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ChatMessageSerializer;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The messages of LangChain4j in the vocabulary of the log. Where that has no room for all that a
 * message is, such as an image, the whole message is in the event's metadata, and {@link
 * MessageReader} takes it from there.
 */
final class MessageEvents {
  /** The message that the log's own vocabulary does not hold. */
  static final String WHOLE = "langchain4j";

  private MessageEvents() {}

  /** The events of a message, but for tool calls that are in the log already. */
  static List<NewEvent> of(ChatMessage message, Supplier<Conversation.Answer> answers) {
    if (message instanceof SystemMessage system) {
      return List.of(NewEvent.of(new Message("system", system.text())).withActor("system"));
    } else if (message instanceof UserMessage user) {
      return List.of(user(user));
    } else if (message instanceof AiMessage ai) {
      return answer(ai, answers.get());
    } else if (message instanceof ToolExecutionResultMessage result) {
      return List.of(result(result));
    }
    Json whole = Json.parse(ChatMessageSerializer.messageToJson(message));
    return List.of(NewEvent.of("chat_message", whole));
  }

  private static NewEvent user(UserMessage message) {
    String text =
        message.contents().stream()
            .filter(TextContent.class::isInstance)
            .map(content -> ((TextContent) content).text())
            .collect(Collectors.joining("\n"));
    NewEvent event = NewEvent.of(new Message("user", text));
    event = event.withActor("user:" + (message.name() == null ? "user" : message.name()));
    return UserMessage.from(text).equals(message) ? event : event.withMetadata(whole(message));
  }

  /** Tool calls first, as they are streamed, then the message that ends the answer. */
  private static List<NewEvent> answer(AiMessage message, Conversation.Answer answer) {
    List<NewEvent> events = new ArrayList<>();
    for (ToolExecutionRequest request : message.toolExecutionRequests()) {
      if (!answer.callIds().contains(request.id())) {
        events.add(toolCall(request, answer.messageId()));
      }
    }
    String text = message.text() == null ? "" : message.text();
    AiMessage simple =
        message.hasToolExecutionRequests()
            ? AiMessage.from(message.text(), message.toolExecutionRequests())
            : AiMessage.from(text);
    boolean holdsAll = simple.equals(message);
    if (message.text() != null || !holdsAll) {
      NewEvent event =
          NewEvent.of(new Message("assistant", text, answer.messageId()))
              .withActor(Conversation.AGENT);
      events.add(holdsAll ? event : event.withMetadata(whole(message)));
    }
    return events;
  }

  static NewEvent toolCall(ToolExecutionRequest request, String messageId) {
    return NewEvent.of(new ToolCall(request.id(), request.name(), arguments(request.arguments())))
        .withActor(Conversation.AGENT)
        .withRefs(new Refs(null, messageId, null, null));
  }

  /** As JSON where they are, and a string where a model wrote something else. */
  private static Json arguments(String text) {
    try {
      Json json = Json.parse(text);
      return json.isObject() ? json : Json.encode(text);
    } catch (SessionLogException e) {
      return Json.encode(text);
    }
  }

  private static NewEvent result(ToolExecutionResultMessage message) {
    ToolExecutionResultMessage simple =
        ToolExecutionResultMessage.from(
            message.id(), message.toolName(), message.hasSingleText() ? message.text() : "");
    Json text = Json.encode(message.hasSingleText() ? message.text() : "");
    NewEvent event =
        NewEvent.of(new ToolResult(message.id(), text, message.isError()))
            .withActor("tool:" + message.toolName());
    return simple.equals(message) ? event : event.withMetadata(whole(message));
  }

  private static Json whole(ChatMessage message) {
    return Json.encode(Map.of(WHOLE, Json.parse(ChatMessageSerializer.messageToJson(message))));
  }
}
