package ai.starcite.examples.agentruntime;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * An agent with a window of messages, a streaming model and one tool, all of whose steps are in the
 * session of its conversation.
 */
final class Agent {
  private final ChatMemory memory;
  private final StreamingChatModel model;
  private final ToolSpecification tool;
  private final UnaryOperator<String> run;
  private final Consumer<String> pieces;

  /**
   * An agent that goes on with a conversation.
   *
   * @param maxMessages how many messages the model is given
   * @param run the tool: takes its arguments, gives its result
   * @param pieces is told each piece of an answer, once it is stored
   */
  Agent(
      SessionChatMemoryStore store,
      String sessionId,
      int maxMessages,
      StreamingChatModel model,
      ToolSpecification tool,
      UnaryOperator<String> run,
      Consumer<String> pieces) {
    this.memory =
        MessageWindowChatMemory.builder()
            .id(sessionId)
            .maxMessages(maxMessages)
            .alwaysKeepSystemMessageFirst(true)
            .chatMemoryStore(store)
            .build();
    this.model = new RecordingModel(model, store.conversation(sessionId));
    this.tool = tool;
    this.run = run;
    this.pieces = pieces;
  }

  void instruct(String text) {
    memory.add(SystemMessage.from(text));
  }

  /** Answers a user. */
  String ask(String text) {
    memory.add(UserMessage.from(text));
    return answer();
  }

  /** Answers what a crash has kept from being answered, if there is such a thing. */
  Optional<String> resume() {
    List<ChatMessage> messages = memory.messages();
    ChatMessage last = messages.isEmpty() ? null : messages.get(messages.size() - 1);
    boolean open = last instanceof UserMessage || last instanceof ToolExecutionResultMessage;
    return open ? Optional.of(answer()) : Optional.empty();
  }

  private String answer() {
    while (true) {
      AiMessage message = stream();
      memory.add(message);
      if (!message.hasToolExecutionRequests()) {
        return message.text();
      }
      for (ToolExecutionRequest request : message.toolExecutionRequests()) {
        memory.add(ToolExecutionResultMessage.from(request, run.apply(request.arguments())));
      }
    }
  }

  private AiMessage stream() {
    CompletableFuture<AiMessage> complete = new CompletableFuture<>();
    model.chat(
        ChatRequest.builder().messages(memory.messages()).toolSpecifications(tool).build(),
        new StreamingChatResponseHandler() {
          @Override
          public void onPartialResponse(String piece) {
            pieces.accept(piece);
          }

          @Override
          public void onCompleteResponse(ChatResponse response) {
            complete.complete(response.aiMessage());
          }

          @Override
          public void onError(Throwable error) {
            complete.completeExceptionally(error);
          }
        });
    return complete.join();
  }
}
