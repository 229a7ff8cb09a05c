package ai.starcite.examples.agentruntime;

import ai.starcite.AppendOptions;
import ai.starcite.Event;
import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.Producer;
import ai.starcite.SessionLog;
import ai.starcite.SessionLogException;
import ai.starcite.Tail;
import ai.starcite.TailOptions;
import ai.starcite.chat.Failure;
import ai.starcite.chat.Transcript;
import ai.starcite.chat.TranscriptEntry.MessageEntry;
import ai.starcite.chat.TranscriptEntry.MessageState;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * The session of one conversation, as its one writing process has it: memory and streaming write
 * through this, so that an answer that was streamed and the message that ends it are one.
 */
final class Conversation {
  static final String AGENT = "agent:assistant";

  private final SessionLog log;
  private final String sessionId;
  private final Producer producer;
  private final List<Answer> ending = new ArrayList<>();
  private Answer answer;

  /** An answer that is being streamed, and how many of its tool calls are in the log already. */
  record Answer(String messageId, List<String> callIds) {}

  private Conversation(SessionLog log, String sessionId) {
    this.log = log;
    this.sessionId = sessionId;
    this.producer = log.producer(sessionId, "agent-runtime");
  }

  /** Opens the conversation, new or not. An answer that a crash has cut off is marked as such. */
  static Conversation open(SessionLog log, String sessionId) {
    log.createIfAbsent(NewSession.ofId(sessionId));
    Conversation conversation = new Conversation(log, sessionId);
    Transcript transcript = new Transcript();
    conversation.events().forEach(transcript::apply);
    transcript.entries().stream()
        .filter(MessageEntry.class::isInstance)
        .map(MessageEntry.class::cast)
        .filter(entry -> entry.state() == MessageState.PARTIAL && AGENT.equals(entry.actor()))
        .forEach(entry -> conversation.markInterrupted(entry.messageId()));
    return conversation;
  }

  private void markInterrupted(String messageId) {
    append(
        NewEvent.of(new Failure("the agent was stopped while it answered", "stopped", messageId))
            .withActor(AGENT));
  }

  String sessionId() {
    return sessionId;
  }

  List<Event> events() {
    List<Event> events = new ArrayList<>();
    try (Tail tail = log.tail(sessionId, TailOptions.from(0).withoutFollowing())) {
      tail.forEachRemaining(events::add);
    }
    return events;
  }

  void append(NewEvent event) {
    appendAll(List.of(event));
  }

  /** Appends all or none; once more if the outcome is unknown, which stores them once. */
  void appendAll(List<NewEvent> events) {
    if (events.isEmpty()) {
      return;
    }
    try {
      producer.appendAll(events, AppendOptions.defaults());
    } catch (SessionLogException e) {
      if (!e.isRetryable()) {
        throw e;
      }
      producer.appendAll(events, AppendOptions.defaults());
    }
  }

  /** A new answer of the model begins. */
  synchronized Answer beginAnswer() {
    ending.clear();
    answer = newAnswer();
    return answer;
  }

  /**
   * Gives the answers whose messages have come, in order: the one that was streamed, and new ones.
   * They stay the same until the messages are stored, so that a retry has the same content, by
   * which the producer knows it.
   */
  Supplier<Answer> endingAnswers() {
    int[] next = new int[1];
    return () -> endingAnswer(next[0]++);
  }

  private synchronized Answer endingAnswer(int index) {
    if (index == ending.size()) {
      ending.add(answer == null ? newAnswer() : answer);
      answer = null;
    }
    return ending.get(index);
  }

  /** The messages of the answers are stored. */
  synchronized void answersEnded() {
    ending.clear();
  }

  /** An answer failed: what was streamed of it stays, as a message that failed. */
  synchronized void failAnswer(Answer failed, Throwable cause) {
    answer = null;
    append(
        NewEvent.of(new Failure(String.valueOf(cause.getMessage()), null, failed.messageId()))
            .withActor(AGENT));
  }

  private static Answer newAnswer() {
    return new Answer("msg_" + UUID.randomUUID(), new ArrayList<>());
  }
}
