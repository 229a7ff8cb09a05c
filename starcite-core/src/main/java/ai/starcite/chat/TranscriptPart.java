package ai.starcite.chat;

import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.chat.TranscriptEntry.MessageEntry;
import ai.starcite.chat.TranscriptEntry.MessageState;
import ai.starcite.chat.TranscriptEntry.Span;
import ai.starcite.chat.TranscriptEntry.ThinkingEntry;
import ai.starcite.chat.TranscriptEntry.ToolEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a transcript that may grow. A change costs what it adds; the immutable entry is made
 * when somebody looks, and kept until the next change.
 */
abstract sealed class TranscriptPart<E extends TranscriptEntry> implements Supplier<E> {
  private E shown;
  private Span span;
  private boolean changed;

  TranscriptPart(E entry) {
    this.shown = entry;
    this.span = entry.span();
  }

  /** Returns the entry as it is now. */
  @Override
  public final E get() {
    if (changed) {
      shown = show(shown, span);
      changed = false;
    }
    return shown;
  }

  /** Makes the entry anew; what can not change is taken from an older one. */
  abstract E show(E older, Span span);

  final void changeBy(Event event) {
    span = span.to(event);
    changed = true;
  }

  /** A message. */
  static final class MessagePart extends TranscriptPart<MessageEntry> {
    private final GrowingText text;
    private String role;
    private MessageState state;

    MessagePart(MessageEntry entry) {
      super(entry);
      text = new GrowingText(entry.text());
      role = entry.role();
      state = entry.state();
    }

    /** Once the message has ended, what comes late changes nothing. */
    void delta(Event event, String piece) {
      if (state == MessageState.PARTIAL) {
        changeBy(event);
        text.add(piece);
      }
    }

    void complete(Event event, Message message) {
      changeBy(event);
      role = message.role();
      text.end(message.text());
      state = MessageState.COMPLETE;
    }

    void fail(Event event) {
      changeBy(event);
      text.end(text.get());
      state = MessageState.FAILED;
    }

    @Override
    MessageEntry show(MessageEntry older, Span span) {
      return new MessageEntry(span, older.actor(), role, older.messageId(), text.get(), state);
    }
  }

  /** Thoughts. */
  static final class ThinkingPart extends TranscriptPart<ThinkingEntry> {
    private final GrowingText text;

    ThinkingPart(ThinkingEntry entry) {
      super(entry);
      text = new GrowingText(entry.text());
    }

    void more(Event event, String thought) {
      changeBy(event);
      text.add(thought);
    }

    @Override
    ThinkingEntry show(ThinkingEntry older, Span span) {
      return new ThinkingEntry(span, older.actor(), older.messageId(), text.get());
    }
  }

  /** A tool call. */
  static final class ToolPart extends TranscriptPart<ToolEntry> {
    private @Nullable String actor;
    private @Nullable String name;
    private @Nullable Json arguments;
    private final List<ToolEntry.Result> results;

    ToolPart(ToolEntry entry) {
      super(entry);
      actor = entry.actor();
      name = entry.name();
      arguments = entry.arguments();
      results = new ArrayList<>(entry.results());
    }

    /** Whether only results have come. */
    boolean awaitsCall() {
      return name == null;
    }

    void call(Event event, ToolCall call) {
      changeBy(event);
      actor = event.actor().orElse(null);
      name = call.name();
      arguments = call.arguments();
    }

    void result(Event event, ToolResult result) {
      changeBy(event);
      results.add(
          new ToolEntry.Result(
              event.seq(),
              event.insertedAt(),
              event.actor().orElse(null),
              result.result(),
              Boolean.TRUE.equals(result.isError())));
    }

    @Override
    ToolEntry show(ToolEntry older, Span span) {
      return new ToolEntry(span, actor, older.callId(), name, arguments, results);
    }
  }

  /** Text that grows at its end without being copied for each piece. */
  private static final class GrowingText {
    private String text;

    /** All of the text, if it has grown. */
    private @Nullable StringBuilder growing;

    GrowingText(String text) {
      this.text = text;
    }

    void add(String piece) {
      if (growing == null) {
        growing = new StringBuilder(text);
      }
      growing.append(piece);
    }

    void end(String whole) {
      text = whole;
      growing = null;
    }

    String get() {
      return growing == null ? text : growing.toString();
    }
  }
}
