package ai.starcite.examples.agentruntime;

import ai.starcite.NewEvent;
import ai.starcite.chat.Checkpoint;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.store.memory.chat.ChatMemoryStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Chat memory in session logs: the id of a memory is the id of its session. A memory hands over its
 * whole window each time; what is new in it is appended, and nothing is ever deleted or rewritten.
 * What leaves the window stays in the log.
 */
final class SessionChatMemoryStore implements ChatMemoryStore {
  private final Function<String, Conversation> conversations;
  private final Map<String, Conversation> open = new ConcurrentHashMap<>();
  private final Map<String, List<ChatMessage>> windows = new ConcurrentHashMap<>();

  /** A store that opens each conversation once, when it is first asked for. */
  SessionChatMemoryStore(Function<String, Conversation> conversations) {
    this.conversations = conversations;
  }

  Conversation conversation(Object memoryId) {
    return open.computeIfAbsent(memoryId.toString(), conversations);
  }

  /**
   * The window as it was left, or, after a restart, all messages, of which the memory evicts what
   * does not fit as it did before.
   */
  @Override
  public List<ChatMessage> getMessages(Object memoryId) {
    Conversation conversation = conversation(memoryId);
    return windows.computeIfAbsent(
        memoryId.toString(), id -> MessageReader.read(conversation.events()));
  }

  @Override
  public void updateMessages(Object memoryId, List<ChatMessage> messages) {
    List<ChatMessage> before = getMessages(memoryId);
    Conversation conversation = conversation(memoryId);
    Supplier<Conversation.Answer> answers = conversation.endingAnswers();
    // At once, so that a failure leaves none of them behind to be appended again.
    conversation.appendAll(
        WindowChange.added(before, messages).stream()
            .flatMap(message -> MessageEvents.of(message, answers).stream())
            .toList());
    conversation.answersEnded();
    windows.put(memoryId.toString(), List.copyOf(messages));
  }

  /** Forgets, and keeps: the memory begins anew, and the log says where. */
  @Override
  public void deleteMessages(Object memoryId) {
    conversation(memoryId).append(NewEvent.of(new Checkpoint(MessageReader.CLEARED)));
    windows.put(memoryId.toString(), List.of());
  }
}
