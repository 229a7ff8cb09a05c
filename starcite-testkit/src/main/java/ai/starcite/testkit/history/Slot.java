package ai.starcite.testkit.history;

import ai.starcite.Event;
import ai.starcite.NewEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known of one seq in one life of a session. */
final class Slot {
  final long seq;
  final NewEvent content;

  /** The stored event, or null if only the answer of its append tells of it. */
  final @Nullable Event event;

  /** Who tells of it, or null if it was read in the end. */
  final @Nullable RecordedCall witness;

  /**
   * The call that appended it, or the first of several that asked for the same; null if that cannot
   * be told.
   */
  @Nullable RecordedAppend author;

  /** A moment before which it was not there: no call that may have appended it was made before. */
  long notBefore = Long.MIN_VALUE;

  /** The earliest call that may have appended it. */
  @Nullable RecordedAppend first;

  /** The latest call that may have appended it, or null if calls of several callers may have. */
  @Nullable RecordedAppend last;

  Slot(long seq, NewEvent content, @Nullable Event event, @Nullable RecordedCall witness) {
    this.seq = seq;
    this.content = content;
    this.event = event;
    this.witness = witness;
  }

  /** Notes who appended it. */
  void appendedBy(RecordedAppend call) {
    author = call;
    mayBeBy(List.of(call));
  }

  /** Notes the calls that may have appended it, the earliest first. */
  void mayBeBy(List<RecordedAppend> calls) {
    first = calls.get(0);
    notBefore = first.invoked;
    boolean ofOneCaller = calls.stream().allMatch(call -> call.caller.equals(first.caller));
    last = ofOneCaller ? calls.get(calls.size() - 1) : null;
  }

  @Override
  public String toString() {
    return "seq " + seq + " (" + RecordedAppend.show(content) + ")";
  }
}
