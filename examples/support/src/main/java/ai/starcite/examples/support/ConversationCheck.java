package ai.starcite.examples.support;

import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.Refs;
import ai.starcite.SessionLog;
import ai.starcite.SessionLogException;
import ai.starcite.chat.ToolCall;
import ai.starcite.chat.ToolResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What the replay of a session shows beside the file it came from.
 *
 * @param messages how many messages were replayed
 * @param events how many events those are
 * @param results how many tool results refer to their calls
 * @param differences what is not as in the file, a line each
 */
record ConversationCheck(int messages, int events, int results, List<String> differences) {
  private static final Refs NO_REFS = new Refs(null, null, null, null);

  /** Replays a session and compares it with the file, message by message. */
  static ConversationCheck of(SessionLog log, RecordedConversation conversation) {
    try {
      return compare(log, conversation);
    } catch (SessionLogException e) {
      return new ConversationCheck(
          0, 0, 0, List.of(conversation.sessionId() + ": " + e.getMessage()));
    }
  }

  private static ConversationCheck compare(SessionLog log, RecordedConversation conversation) {
    String id = conversation.sessionId();
    List<String> differences = new ArrayList<>();
    Json metadata = log.get(id).metadata();
    if (!metadata.sameValue(conversation.session().metadata())) {
      differences.add(difference(id, "metadata", conversation.session().metadata(), metadata));
    }
    List<Event> events = Audit.replay(log, id);
    List<List<Event>> groups = byStep(events);
    for (int i = 0; i < Math.max(groups.size(), conversation.messages().size()); i++) {
      Object file = i < conversation.messages().size() ? conversation.messages().get(i) : "nothing";
      Object replayed = i < groups.size() ? message(groups.get(i)) : "nothing";
      if (!(file instanceof Json a && replayed instanceof Json b && a.sameValue(b))) {
        differences.add(difference(id, "messages[" + i + "]", file, replayed));
      }
    }
    int results = 0;
    Map<String, Long> calls = new HashMap<>();
    for (Event event : events) {
      if (event.type().equals("tool_call")) {
        calls.put(event.as(ToolCall.class).callId(), event.seq());
      } else if (event.type().equals("tool_result")) {
        Long call = calls.get(event.as(ToolResult.class).callId());
        results += call == null ? 0 : 1;
        if (!Objects.equals(call, refs(event).toSeq())) {
          differences.add(
              "%s: event %d refers to %s, its call is %s"
                  .formatted(id, event.seq(), refs(event).toSeq(), call));
        }
      }
    }
    return new ConversationCheck(groups.size(), events.size(), results, differences);
  }

  /** Events of one message follow each other and name the same step. */
  private static List<List<Event>> byStep(List<Event> events) {
    List<List<Event>> groups = new ArrayList<>();
    long last = -1;
    for (Event event : events) {
      Long step = refs(event).step();
      if (step == null || step != last) {
        groups.add(new ArrayList<>());
      }
      groups.get(groups.size() - 1).add(event);
      last = step == null ? -1 : step;
    }
    return groups;
  }

  private static Object message(List<Event> events) {
    try {
      return ChatMessage.fromEvents(events);
    } catch (SessionLogException e) {
      return e.getMessage();
    }
  }

  private static Refs refs(Event event) {
    return event.refs().map(refs -> refs.as(Refs.class)).orElse(NO_REFS);
  }

  private static String difference(String id, String what, Object file, Object replayed) {
    return "%s: %s is %s in the file and %s in the log"
        .formatted(id, what, shorten(file), shorten(replayed));
  }

  private static String shorten(Object value) {
    String text = value.toString();
    return text.length() <= 120 ? text : text.substring(0, 120) + "…";
  }
}
