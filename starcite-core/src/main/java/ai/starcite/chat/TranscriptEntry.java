package ai.starcite.chat;

import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.internal.Limits;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a {@link Transcript} shows: a message, a tool call with its results, a status and
 * so on. Immutable, as are all values within.
 *
 * <p>{@link #firstSeq} identifies an entry: it never changes, and no two entries have the same one.
 * An entry whose {@link #lastSeq} is beyond what a UI has drawn is new or has changed.
 */
public sealed interface TranscriptEntry {

  /**
   * Returns the events that it was made of, first and last.
   *
   * @return seqs and times
   */
  Span span();

  /**
   * Who did it.
   *
   * @return the actor, or null
   */
  @Nullable String actor();

  /**
   * Returns the seq of the first event that it was made of, and what identifies it.
   *
   * @return 1 or more
   */
  default long firstSeq() {
    return span().firstSeq();
  }

  /**
   * Returns the seq of the last event that changed it.
   *
   * @return at least {@link #firstSeq}
   */
  default long lastSeq() {
    return span().lastSeq();
  }

  /**
   * First and last event of an entry.
   *
   * @param firstSeq the seq of the first one
   * @param lastSeq the seq of the last one that changed it
   * @param startedAt when the first one was stored
   * @param changedAt when the last one was stored
   */
  record Span(long firstSeq, long lastSeq, Instant startedAt, Instant changedAt) {
    /** Checks the order. */
    public Span {
      Objects.requireNonNull(startedAt, "startedAt");
      Objects.requireNonNull(changedAt, "changedAt");
      Limits.requireAtLeastOne("firstSeq", firstSeq);
      if (lastSeq < firstSeq) {
        throw Limits.invalid("lastSeq " + lastSeq + " is before firstSeq " + firstSeq);
      }
    }

    static Span of(Event event) {
      Instant time = event.insertedAt();
      return new Span(event.seq(), event.seq(), time, time);
    }

    Span to(Event event) {
      return new Span(firstSeq, event.seq(), startedAt, event.insertedAt());
    }
  }

  /** How far a message has come. */
  enum MessageState {
    /** Some of its text has come: it is being written, or was given up without a word. */
    PARTIAL,
    /** The final message has come. */
    COMPLETE,
    /** An error has named it, after which no final message has come. */
    FAILED
  }

  /**
   * A message: what its deltas add up to, until the final {@link Message} replaces that.
   *
   * @param span its events
   * @param actor who speaks, or null
   * @param role {@code user}, {@code assistant}, {@code system} or {@code tool}; as long as only
   *     deltas have come, that of the actor
   * @param messageId its id, or null
   * @param text what is said so far
   * @param state how far it has come
   */
  record MessageEntry(
      Span span,
      @Nullable String actor,
      String role,
      @Nullable String messageId,
      String text,
      MessageState state)
      implements TranscriptEntry {
    public MessageEntry {
      Objects.requireNonNull(span, "span");
      Objects.requireNonNull(role, "role");
      Objects.requireNonNull(text, "text");
      Objects.requireNonNull(state, "state");
    }
  }

  /**
   * What an agent thought: one thought, or all that lead to one message.
   *
   * @param span its events
   * @param actor who thinks, or null
   * @param messageId the message that it leads to, or null
   * @param text the thoughts, joined in order
   */
  record ThinkingEntry(Span span, @Nullable String actor, @Nullable String messageId, String text)
      implements TranscriptEntry {
    public ThinkingEntry {
      Objects.requireNonNull(span, "span");
      Objects.requireNonNull(text, "text");
    }
  }

  /**
   * A tool call and its results. A result may come before its call: then there is no name yet.
   *
   * @param span its events
   * @param actor who calls; null if nobody said, or the call has not come
   * @param callId what pairs call and results
   * @param name the tool, or null if the call has not come
   * @param arguments what it is called with, or null if the call has not come
   * @param results the results in the order in which they came; empty while it runs
   */
  record ToolEntry(
      Span span,
      @Nullable String actor,
      String callId,
      @Nullable String name,
      @Nullable Json arguments,
      List<Result> results)
      implements TranscriptEntry {
    /** Refuses null, and half a call; copies the results. */
    public ToolEntry {
      Objects.requireNonNull(span, "span");
      Objects.requireNonNull(callId, "callId");
      if ((name == null) != (arguments == null)) {
        throw Limits.invalid("name and arguments of a call come together");
      }
      results = List.copyOf(results);
    }

    /**
     * What a call came to.
     *
     * @param seq the seq of its event
     * @param at when that was stored
     * @param actor who answers, or null
     * @param value any JSON value
     * @param isError whether the call failed
     */
    public record Result(
        long seq, Instant at, @Nullable String actor, Json value, boolean isError) {
      public Result {
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(value, "value");
      }
    }
  }

  /**
   * What an agent is doing.
   *
   * @param event the event
   * @param status what it says
   */
  record StatusEntry(Event event, Status status) implements SingleEvent {
    public StatusEntry {
      Objects.requireNonNull(event, "event");
      Objects.requireNonNull(status, "status");
    }
  }

  /**
   * Work that went from one agent to another.
   *
   * @param event the event
   * @param handoff what it says
   */
  record HandoffEntry(Event event, Handoff handoff) implements SingleEvent {
    public HandoffEntry {
      Objects.requireNonNull(event, "event");
      Objects.requireNonNull(handoff, "handoff");
    }
  }

  /**
   * A point that work can be taken up from.
   *
   * @param event the event
   * @param checkpoint what it says
   */
  record CheckpointEntry(Event event, Checkpoint checkpoint) implements SingleEvent {
    public CheckpointEntry {
      Objects.requireNonNull(event, "event");
      Objects.requireNonNull(checkpoint, "checkpoint");
    }
  }

  /**
   * Something that was made.
   *
   * @param event the event
   * @param artifact what it says
   */
  record ArtifactEntry(Event event, Artifact artifact) implements SingleEvent {
    public ArtifactEntry {
      Objects.requireNonNull(event, "event");
      Objects.requireNonNull(artifact, "artifact");
    }
  }

  /**
   * Something that went wrong. If it names a message, that is {@link MessageState#FAILED} too.
   *
   * @param event the event
   * @param failure what it says
   */
  record ErrorEntry(Event event, Failure failure) implements SingleEvent {
    public ErrorEntry {
      Objects.requireNonNull(event, "event");
      Objects.requireNonNull(failure, "failure");
    }
  }

  /**
   * An event of any other type, or one whose payload does not have the shape of its type.
   *
   * @param event the event
   */
  record OtherEntry(Event event) implements SingleEvent {
    public OtherEntry {
      Objects.requireNonNull(event, "event");
    }
  }

  /** An entry that is one event and never changes. */
  sealed interface SingleEvent extends TranscriptEntry {
    /**
     * Returns the event.
     *
     * @return all that it carries
     */
    Event event();

    @Override
    default Span span() {
      return Span.of(event());
    }

    @Override
    default @Nullable String actor() {
      return event().actor().orElse(null);
    }
  }
}
