package ai.starcite.examples.agentruntime;

import ai.starcite.NewEvent;
import ai.starcite.Payload;
import ai.starcite.chat.TextDelta;
import ai.starcite.chat.Thinking;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialThinkingContext;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.PartialToolCallContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.Set;

/**
 * Any streaming model, whose answers are in the log as they come: a piece of text, a thought or a
 * tool call is stored before the handler of the caller hears of it. The message that ends the
 * answer is stored when the caller adds it to its memory.
 */
final class RecordingModel implements StreamingChatModel {
  private final StreamingChatModel model;
  private final Conversation conversation;

  RecordingModel(StreamingChatModel model, Conversation conversation) {
    this.model = model;
    this.conversation = conversation;
  }

  @Override
  public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
    model.chat(request, new Recorder(conversation.beginAnswer(), handler));
  }

  @Override
  public ChatRequestParameters defaultRequestParameters() {
    return model.defaultRequestParameters();
  }

  @Override
  public ModelProvider provider() {
    return model.provider();
  }

  @Override
  public Set<Capability> supportedCapabilities() {
    return model.supportedCapabilities();
  }

  /** Stores, then passes on what it was called with, whichever form of a call the model uses. */
  private final class Recorder implements StreamingChatResponseHandler {
    private final Conversation.Answer answer;
    private final StreamingChatResponseHandler handler;

    Recorder(Conversation.Answer answer, StreamingChatResponseHandler handler) {
      this.answer = answer;
      this.handler = handler;
    }

    private void append(Payload typed) {
      conversation.append(NewEvent.of(typed).withActor(Conversation.AGENT));
    }

    @Override
    public void onPartialResponse(String text) {
      append(new TextDelta(answer.messageId(), text));
      handler.onPartialResponse(text);
    }

    @Override
    public void onPartialResponse(PartialResponse piece, PartialResponseContext context) {
      append(new TextDelta(answer.messageId(), piece.text()));
      handler.onPartialResponse(piece, context);
    }

    @Override
    public void onPartialThinking(PartialThinking thinking) {
      append(new Thinking(thinking.text(), answer.messageId()));
      handler.onPartialThinking(thinking);
    }

    @Override
    public void onPartialThinking(PartialThinking thinking, PartialThinkingContext context) {
      append(new Thinking(thinking.text(), answer.messageId()));
      handler.onPartialThinking(thinking, context);
    }

    @Override
    public void onPartialToolCall(PartialToolCall call) {
      handler.onPartialToolCall(call);
    }

    @Override
    public void onPartialToolCall(PartialToolCall call, PartialToolCallContext context) {
      handler.onPartialToolCall(call, context);
    }

    @Override
    public void onUnmappedRawEvent(Object event) {
      handler.onUnmappedRawEvent(event);
    }

    @Override
    public void onCompleteToolCall(CompleteToolCall call) {
      conversation.append(MessageEvents.toolCall(call.toolExecutionRequest(), answer.messageId()));
      answer.callIds().add(call.toolExecutionRequest().id());
      handler.onCompleteToolCall(call);
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
      handler.onCompleteResponse(response);
    }

    @Override
    public void onError(Throwable error) {
      conversation.failAnswer(answer, error);
      handler.onError(error);
    }
  }
}
