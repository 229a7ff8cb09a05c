package ai.starcite.chat;

import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.SessionLogException;
import ai.starcite.Tail;
import ai.starcite.chat.TranscriptEntry.OtherEntry;
import ai.starcite.internal.Limits;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A session as a UI shows it: text deltas add up to messages, tool calls have their results, all in
 * the order in which they began. It is folded from events one by one.
 *
 * <pre>{@code
 * Transcript transcript = new Transcript();
 * try (Tail tail = log.tail(id, transcript.cursor())) {
 *   for (Event event : tail) {
 *     transcript.apply(event);
 *     show(transcript.entries());
 *   }
 * }
 * }</pre>
 *
 * <p>It is a function of the events alone: readers who saw the same events have {@link #equals
 * equal} transcripts, wherever their tails were cut and resumed, and however often an event came
 * again. One {@link #withGaps} equals another one of these only.
 *
 * <ul>
 *   <li>A message is known by actor and {@code message_id}. Its deltas add up until the final
 *       {@code message} replaces them. One that is given up stays {@code PARTIAL}; an {@code error}
 *       of the same actor that names it makes it {@code FAILED}, a final message {@code COMPLETE},
 *       whichever comes last. Deltas that come after either change nothing.
 *   <li>{@code content} is a message without an id. Thoughts of one actor and {@code message_id}
 *       add up, too; a thought without one stands by itself.
 *   <li>A result goes to the latest call of its {@code call_id}. If there is none yet, it waits for
 *       the call in an entry of its own. A call whose id another one has had before is a new one.
 *   <li>All other events are entries of their own. A payload that does not have the shape of its
 *       type makes an {@link OtherEntry}, and nothing fails.
 * </ul>
 *
 * <p>Not thread-safe. What {@link #entries} gives is immutable and may go to any thread.
 */
public final class Transcript {
  private final boolean gaps;
  private final TranscriptFold fold;
  private long cursor;

  /**
   * Makes an empty transcript of a whole session: it takes the events from seq 1 on, all of them.
   */
  public Transcript() {
    this(false, 0, new TranscriptFold());
  }

  Transcript(boolean gaps, long cursor, TranscriptFold fold) {
    this.gaps = gaps;
    this.cursor = cursor;
    this.fold = fold;
  }

  /**
   * Makes an empty transcript of a part of a session: it takes events with gaps between them, as a
   * tail delivers them that has a filter or begins in the middle. Nothing can tell it that an event
   * is missing.
   *
   * @return an empty transcript
   */
  public static Transcript withGaps() {
    return new Transcript(true, 0, new TranscriptFold());
  }

  /**
   * Takes the next event. One that is not beyond {@link #cursor} was applied before, and changes
   * nothing.
   *
   * @param event the event
   * @return whether it was new
   * @throws SessionLogException {@code INVALID} if events are missing before it, unless this was
   *     made {@link #withGaps}; nothing has changed
   */
  public boolean apply(Event event) {
    long seq = Objects.requireNonNull(event, "event").seq();
    if (seq <= cursor) {
      return false;
    }
    if (!gaps && seq != cursor + 1) {
      throw Limits.invalid(
          ("event %d does not follow %d, where this transcript ends; tail the session from its"
                  + " cursor() without a filter, or make it withGaps()")
              .formatted(seq, cursor));
    }
    fold.apply(event);
    cursor = seq;
    return true;
  }

  /**
   * Returns the seq of the last event that was applied, and where to tail from. A filtered tail may
   * resume from its own {@link Tail#cursor}, too, which is never behind.
   *
   * @return 0 if there was none
   */
  public long cursor() {
    return cursor;
  }

  /**
   * Returns all that there is to show, in the order of {@link TranscriptEntry#firstSeq}. It costs a
   * reference an entry and a copy of what has changed since the last call.
   *
   * @return an unmodifiable list, which stays as it is
   */
  public List<TranscriptEntry> entries() {
    return fold.entries();
  }

  /**
   * Saves it. The text is stable: equal transcripts give the same, and later versions read it. Keep
   * the incarnation of {@link Tail#cursor} beside it if sessions are deleted.
   *
   * @return a JSON object for {@link #fromJson}
   */
  public Json toJson() {
    return TranscriptWire.write(gaps, cursor, fold.entries());
  }

  /**
   * Makes a transcript as it was saved. It goes on with the event after its {@link #cursor}.
   *
   * @param saved what {@link #toJson} gave
   * @return an equal transcript, which takes gaps if that one did
   * @throws SessionLogException {@code INVALID} if it is something else, or of a newer version
   */
  public static Transcript fromJson(Json saved) {
    return TranscriptWire.read(Objects.requireNonNull(saved, "saved"));
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof Transcript other
        && gaps == other.gaps
        && cursor == other.cursor
        && entries().equals(other.entries());
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(cursor) + entries().hashCode();
  }

  @Override
  public String toString() {
    return "Transcript[cursor=" + cursor + ", entries=" + entries() + "]";
  }
}
