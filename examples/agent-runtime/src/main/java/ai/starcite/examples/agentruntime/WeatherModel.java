package ai.starcite.examples.agentruntime;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.List;
import java.util.UUID;

/**
 * Stands in for a model, without a network: asks a tool for the weather where somebody asks for it,
 * and else says how many messages it was given. It streams word by word.
 */
final class WeatherModel implements StreamingChatModel {
  static final ToolSpecification TOOL =
      ToolSpecification.builder()
          .name("weather")
          .description("The weather in a city.")
          .parameters(JsonObjectSchema.builder().addStringProperty("city").required("city").build())
          .build();

  /** What the tool says. */
  static String weather(String arguments) {
    return "18 °C and light rain, asked with " + arguments;
  }

  @Override
  public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
    List<ChatMessage> messages = request.messages();
    ChatMessage last = messages.get(messages.size() - 1);
    AiMessage answer;
    if (last instanceof UserMessage user && user.singleText().contains("weather")) {
      ToolExecutionRequest call =
          ToolExecutionRequest.builder()
              .id("call_" + UUID.randomUUID())
              .name(TOOL.name())
              .arguments("{\"city\": \"Lisbon\"}")
              .build();
      handler.onCompleteToolCall(new CompleteToolCall(0, call));
      answer = AiMessage.from(call);
    } else {
      String text =
          last instanceof ToolExecutionResultMessage result
              ? "It is " + result.text() + " . Take a coat with you ."
              : "You gave me " + messages.size() + " messages , and this answers the last one .";
      for (String word : text.split("(?<= )")) {
        handler.onPartialResponse(word);
      }
      answer = AiMessage.from(text);
    }
    handler.onCompleteResponse(ChatResponse.builder().aiMessage(answer).build());
  }
}
