package ai.starcite.chat;

import ai.starcite.Event;
import ai.starcite.EventType;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.chat.TranscriptEntry.ArtifactEntry;
import ai.starcite.chat.TranscriptEntry.CheckpointEntry;
import ai.starcite.chat.TranscriptEntry.ErrorEntry;
import ai.starcite.chat.TranscriptEntry.HandoffEntry;
import ai.starcite.chat.TranscriptEntry.MessageEntry;
import ai.starcite.chat.TranscriptEntry.MessageState;
import ai.starcite.chat.TranscriptEntry.OtherEntry;
import ai.starcite.chat.TranscriptEntry.SingleEvent;
import ai.starcite.chat.TranscriptEntry.Span;
import ai.starcite.chat.TranscriptEntry.StatusEntry;
import ai.starcite.chat.TranscriptEntry.ThinkingEntry;
import ai.starcite.chat.TranscriptEntry.ToolEntry;
import ai.starcite.chat.TranscriptPart.MessagePart;
import ai.starcite.chat.TranscriptPart.ThinkingPart;
import ai.starcite.chat.TranscriptPart.ToolPart;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the events of a session add up to. Its entries say all that it knows: what is beside them
 * here only finds them, so that a fold of the same entries goes on in the same way.
 */
final class TranscriptFold {
  private static final Map<String, Class<?>> TYPES = new HashMap<>();

  static {
    for (Class<?> type :
        List.of(
            Message.class,
            TextDelta.class,
            Thinking.class,
            ToolCall.class,
            ToolResult.class,
            Status.class,
            Handoff.class,
            Checkpoint.class,
            Artifact.class,
            Failure.class)) {
      TYPES.put(type.getAnnotation(EventType.class).value(), type);
    }
    TYPES.put(Content.TYPE, Message.class);
  }

  private final List<Supplier<? extends TranscriptEntry>> parts = new ArrayList<>();
  private final Map<MessageKey, MessagePart> messages = new HashMap<>();
  private final Map<MessageKey, ThinkingPart> thoughts = new HashMap<>();

  /** The latest call of each id. */
  private final Map<String, ToolPart> tools = new HashMap<>();

  private @Nullable List<TranscriptEntry> entries;

  private record MessageKey(@Nullable String actor, String messageId) {}

  List<TranscriptEntry> entries() {
    List<TranscriptEntry> known = entries;
    if (known == null) {
      known = parts.stream().<TranscriptEntry>map(Supplier::get).toList();
      entries = known;
    }
    return known;
  }

  void apply(Event event) {
    Object said = read(event);
    entries = null;
    if (said instanceof TextDelta delta) {
      delta(event, delta);
    } else if (said instanceof Message message) {
      message(event, message);
    } else if (said instanceof Thinking thinking) {
      think(event, thinking);
    } else if (said instanceof ToolCall call) {
      call(event, call);
    } else if (said instanceof ToolResult result) {
      result(event, result);
    } else {
      if (said instanceof Failure failure && failure.messageId() != null) {
        fail(event, failure.messageId());
      }
      SingleEvent entry = single(event, said);
      parts.add(() -> entry);
    }
  }

  /** What an event says in the vocabulary of clause EVT-3, or null if it is not of that. */
  private static @Nullable Object read(Event event) {
    Class<?> type = TYPES.get(event.type());
    if (type == null) {
      return null;
    }
    try {
      return type == Message.class ? Message.of(event) : event.as(type);
    } catch (SessionLogException e) {
      if (e.code() != Code.INVALID) {
        throw e;
      }
      // The writer meant something by it, and the view of everybody else goes on.
      return null;
    }
  }

  private void delta(Event event, TextDelta delta) {
    MessageKey key = new MessageKey(event.actor().orElse(null), delta.messageId());
    MessagePart part = messages.get(key);
    if (part == null) {
      String role = Message.roleOf(event.actor().orElse(null));
      addMessage(
          new MessageEntry(
              Span.of(event),
              event.actor().orElse(null),
              role,
              delta.messageId(),
              delta.text(),
              MessageState.PARTIAL));
    } else {
      part.delta(event, delta.text());
    }
  }

  private void message(Event event, Message message) {
    MessagePart part =
        message.messageId() == null
            ? null
            : messages.get(new MessageKey(event.actor().orElse(null), message.messageId()));
    if (part == null) {
      addMessage(
          new MessageEntry(
              Span.of(event),
              event.actor().orElse(null),
              message.role(),
              message.messageId(),
              message.text(),
              MessageState.COMPLETE));
    } else {
      part.complete(event, message);
    }
  }

  private void think(Event event, Thinking thinking) {
    ThinkingPart part =
        thinking.messageId() == null
            ? null
            : thoughts.get(new MessageKey(event.actor().orElse(null), thinking.messageId()));
    if (part == null) {
      addThinking(
          new ThinkingEntry(
              Span.of(event), event.actor().orElse(null), thinking.messageId(), thinking.text()));
    } else {
      part.more(event, thinking.text());
    }
  }

  private void call(Event event, ToolCall call) {
    ToolPart part = tools.get(call.callId());
    if (part == null || !part.awaitsCall()) {
      part = addTool(Span.of(event), call.callId());
    }
    part.call(event, call);
  }

  private void result(Event event, ToolResult result) {
    ToolPart part = tools.get(result.callId());
    if (part == null) {
      part = addTool(Span.of(event), result.callId());
    }
    part.result(event, result);
  }

  private void fail(Event event, String messageId) {
    MessagePart part = messages.get(new MessageKey(event.actor().orElse(null), messageId));
    if (part != null) {
      part.fail(event);
    }
  }

  private static SingleEvent single(Event event, @Nullable Object said) {
    if (said instanceof Status status) {
      return new StatusEntry(event, status);
    } else if (said instanceof Handoff handoff) {
      return new HandoffEntry(event, handoff);
    } else if (said instanceof Checkpoint checkpoint) {
      return new CheckpointEntry(event, checkpoint);
    } else if (said instanceof Artifact artifact) {
      return new ArtifactEntry(event, artifact);
    } else if (said instanceof Failure failure) {
      return new ErrorEntry(event, failure);
    }
    return new OtherEntry(event);
  }

  private void addMessage(MessageEntry entry) {
    MessagePart part = new MessagePart(entry);
    parts.add(part);
    if (entry.messageId() != null) {
      messages.put(new MessageKey(entry.actor(), entry.messageId()), part);
    }
  }

  private void addThinking(ThinkingEntry entry) {
    ThinkingPart part = new ThinkingPart(entry);
    parts.add(part);
    if (entry.messageId() != null) {
      thoughts.put(new MessageKey(entry.actor(), entry.messageId()), part);
    }
  }

  private ToolPart addTool(Span span, String callId) {
    return addTool(new ToolEntry(span, null, callId, null, null, List.of()));
  }

  private ToolPart addTool(ToolEntry entry) {
    ToolPart part = new ToolPart(entry);
    parts.add(part);
    tools.put(entry.callId(), part);
    return part;
  }

  /** Adds an entry that another fold gave; behind those before it. */
  void restore(TranscriptEntry entry) {
    entries = null;
    if (entry instanceof MessageEntry message) {
      addMessage(message);
    } else if (entry instanceof ThinkingEntry thinking) {
      addThinking(thinking);
    } else if (entry instanceof ToolEntry tool) {
      addTool(tool);
    } else {
      parts.add(() -> entry);
    }
  }

  /** The entry of an event that has one of its own. */
  static SingleEvent single(Event event) {
    return single(event, read(event));
  }
}
