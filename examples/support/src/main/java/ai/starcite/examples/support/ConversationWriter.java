package ai.starcite.examples.support;

import ai.starcite.AppendResult;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.Refs;
import ai.starcite.SessionLog;
import ai.starcite.chat.ToolCall;
import ai.starcite.chat.ToolResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes a conversation into its session: one writer per role, one message after the other. */
final class ConversationWriter {
  private final SessionLog log;
  private final RecordedConversation conversation;
  private final Map<String, RoleWriter> writers = new HashMap<>();

  /** The seqs of the tool calls, by call id. */
  private final Map<String, Long> calls = new HashMap<>();

  ConversationWriter(SessionLog log, RecordedConversation conversation) {
    this.log = log;
    this.conversation = conversation;
  }

  /** Creates the session and writes all of it. Returns how many events were acknowledged. */
  int write() {
    int acknowledged = 0;
    log.create(conversation.session());
    for (int step = 0; step < conversation.messages().size(); step++) {
      Json message = conversation.messages().get(step);
      List<NewEvent> events = new ArrayList<>();
      for (NewEvent event : ChatMessage.toEvents(message)) {
        // The step keeps together what was one message.
        events.add(event.withRefs(new Refs(callOf(event), null, null, (long) step)));
      }
      writers.computeIfAbsent(ChatMessage.role(message), RoleWriter::new).append(events);
      acknowledged += events.size();
    }
    return acknowledged;
  }

  /** The seq of the call that an event is the result of, or null. */
  private Long callOf(NewEvent event) {
    return event.type().equals("tool_result")
        ? calls.get(event.payload().as(ToolResult.class).callId())
        : null;
  }

  /** Numbers what one role says, so that appending it again would not store it twice. */
  private final class RoleWriter {
    private final String role;
    private long next = 1;

    RoleWriter(String role) {
      this.role = role;
    }

    void append(List<NewEvent> events) {
      events.replaceAll(event -> event.withProducer(role, next++));
      List<AppendResult> results = log.appendAll(conversation.sessionId(), events);
      for (int i = 0; i < events.size(); i++) {
        if (events.get(i).type().equals("tool_call")) {
          calls.put(events.get(i).payload().as(ToolCall.class).callId(), results.get(i).seq());
        }
      }
    }
  }
}
