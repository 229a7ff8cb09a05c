package ai.starcite.chat;

import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.chat.TranscriptEntry.MessageEntry;
import ai.starcite.chat.TranscriptEntry.MessageState;
import ai.starcite.chat.TranscriptEntry.SingleEvent;
import ai.starcite.chat.TranscriptEntry.Span;
import ai.starcite.chat.TranscriptEntry.ThinkingEntry;
import ai.starcite.chat.TranscriptEntry.ToolEntry;
import ai.starcite.internal.Limits;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The saved form of a transcript, format 1: an object with its entries, each of a kind. JSON that
 * came with events may be as deep as JSON can be. So it stands there as text, which also keeps its
 * bytes.
 */
record TranscriptWire(int format, boolean gaps, long cursor, List<Json> entries) {
  private static final int FORMAT = 1;

  TranscriptWire {
    Limits.requireNotNegative("cursor", cursor);
    Objects.requireNonNull(entries, "entries");
  }

  static Json write(boolean gaps, long cursor, List<TranscriptEntry> entries) {
    List<Json> written = entries.stream().map(entry -> Json.encode(wire(entry))).toList();
    return Json.encode(new TranscriptWire(FORMAT, gaps, cursor, written));
  }

  private static Object wire(TranscriptEntry entry) {
    if (entry instanceof MessageEntry message) {
      return MessageWire.of(message);
    } else if (entry instanceof ThinkingEntry thinking) {
      return ThinkingWire.of(thinking);
    } else if (entry instanceof ToolEntry tool) {
      return ToolWire.of(tool);
    }
    return new SingleWire(SingleWire.KIND, ((SingleEvent) entry).event().toJson().toString());
  }

  static Transcript read(Json saved) {
    int format = saved.as(Format.class).format();
    if (format != FORMAT) {
      throw Limits.invalid(
          "this version reads transcripts of format "
              + FORMAT
              + ", not "
              + format
              + "; use a newer version, or fold the session from its start");
    }
    TranscriptWire wire = saved.as(TranscriptWire.class);
    TranscriptFold fold = new TranscriptFold();
    long before = 0;
    for (Json each : wire.entries()) {
      TranscriptEntry entry = entry(each);
      if (entry.firstSeq() <= before || entry.lastSeq() > wire.cursor()) {
        throw Limits.invalid(
            "entry %d to %d of the transcript is out of place, behind %d and up to cursor %d"
                .formatted(entry.firstSeq(), entry.lastSeq(), before, wire.cursor()));
      }
      fold.restore(entry);
      before = entry.firstSeq();
    }
    return new Transcript(wire.gaps(), wire.cursor(), fold);
  }

  private static TranscriptEntry entry(Json wire) {
    String kind = wire.as(Kind.class).kind();
    return switch (kind) {
      case MessageWire.KIND -> wire.as(MessageWire.class).entry();
      case ThinkingWire.KIND -> wire.as(ThinkingWire.class).entry();
      case ToolWire.KIND -> wire.as(ToolWire.class).entry();
      case SingleWire.KIND -> wire.as(SingleWire.class).entry();
      default -> throw Limits.invalid("a transcript has no entries of kind " + kind);
    };
  }

  private record Format(int format) {}

  private record Kind(String kind) {
    private Kind {
      Objects.requireNonNull(kind, "kind");
    }
  }

  private record SpanWire(long firstSeq, long lastSeq, String startedAt, String changedAt) {
    private SpanWire {
      Objects.requireNonNull(startedAt, "startedAt");
      Objects.requireNonNull(changedAt, "changedAt");
    }

    static SpanWire of(Span span) {
      return new SpanWire(
          span.firstSeq(),
          span.lastSeq(),
          span.startedAt().toString(),
          span.changedAt().toString());
    }

    Span span() {
      return new Span(firstSeq, lastSeq, time(startedAt), time(changedAt));
    }
  }

  private record MessageWire(
      String kind,
      SpanWire span,
      @Nullable String actor,
      String role,
      @Nullable String messageId,
      String text,
      MessageState state) {
    static final String KIND = "message";

    private MessageWire {
      Objects.requireNonNull(span, "span");
      Objects.requireNonNull(role, "role");
      Objects.requireNonNull(text, "text");
      Objects.requireNonNull(state, "state");
    }

    static MessageWire of(MessageEntry m) {
      return new MessageWire(
          KIND, SpanWire.of(m.span()), m.actor(), m.role(), m.messageId(), m.text(), m.state());
    }

    MessageEntry entry() {
      return new MessageEntry(span.span(), actor, role, messageId, text, state);
    }
  }

  private record ThinkingWire(
      String kind, SpanWire span, @Nullable String actor, @Nullable String messageId, String text) {
    static final String KIND = "thinking";

    private ThinkingWire {
      Objects.requireNonNull(span, "span");
      Objects.requireNonNull(text, "text");
    }

    static ThinkingWire of(ThinkingEntry t) {
      return new ThinkingWire(KIND, SpanWire.of(t.span()), t.actor(), t.messageId(), t.text());
    }

    ThinkingEntry entry() {
      return new ThinkingEntry(span.span(), actor, messageId, text);
    }
  }

  private record ToolWire(
      String kind,
      SpanWire span,
      @Nullable String actor,
      String callId,
      @Nullable String name,
      @Nullable String arguments,
      List<ResultWire> results) {
    static final String KIND = "tool";

    private ToolWire {
      Objects.requireNonNull(span, "span");
      Objects.requireNonNull(callId, "callId");
      Objects.requireNonNull(results, "results");
    }

    static ToolWire of(ToolEntry tool) {
      Json arguments = tool.arguments();
      return new ToolWire(
          KIND,
          SpanWire.of(tool.span()),
          tool.actor(),
          tool.callId(),
          tool.name(),
          arguments == null ? null : arguments.toString(),
          tool.results().stream().map(ResultWire::of).toList());
    }

    ToolEntry entry() {
      return new ToolEntry(
          span.span(),
          actor,
          callId,
          name,
          arguments == null ? null : Json.parse(arguments),
          results.stream().map(ResultWire::result).toList());
    }
  }

  private record ResultWire(
      long seq, String at, @Nullable String actor, String value, boolean isError) {
    private ResultWire {
      Objects.requireNonNull(at, "at");
      Objects.requireNonNull(value, "value");
    }

    static ResultWire of(ToolEntry.Result result) {
      return new ResultWire(
          result.seq(),
          result.at().toString(),
          result.actor(),
          result.value().toString(),
          result.isError());
    }

    ToolEntry.Result result() {
      return new ToolEntry.Result(seq, time(at), actor, Json.parse(value), isError);
    }
  }

  private record SingleWire(String kind, String event) {
    static final String KIND = "event";

    private SingleWire {
      Objects.requireNonNull(event, "event");
    }

    TranscriptEntry entry() {
      return TranscriptFold.single(Event.fromJson(Json.parse(event)));
    }
  }

  private static Instant time(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw Limits.invalid(
          "a time of the transcript is none: " + text.substring(0, Math.min(60, text.length())));
    }
  }
}
