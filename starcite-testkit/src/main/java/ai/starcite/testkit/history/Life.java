package ai.starcite.testkit.history;

import ai.starcite.Event;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One life of a session, from a create to the deletion that ended it: what is known of its events.
 * Of the life that goes on, that is everything; of one that was deleted, what tails and answers
 * tell.
 */
final class Life {
  final String sessionId;
  final String incarnation;

  /** The create that began it, or null if that was not recorded as a success. */
  final @Nullable RecordedSessionCall create;

  /** What was read in the end, or null if it was deleted. */
  final @Nullable FinalLog last;

  /** It was over at this moment. */
  long until = RecordedCall.NEVER;

  /** What is known, by seq; added by {@link #put}. */
  final TreeMap<Long, Slot> slots = new TreeMap<>();

  private final Map<Identity, Slot> byIdentity = new HashMap<>();

  Life(
      String sessionId,
      String incarnation,
      @Nullable RecordedSessionCall create,
      @Nullable FinalLog last) {
    this.sessionId = sessionId;
    this.incarnation = incarnation;
    this.create = create;
    this.last = last;
    if (last != null) {
      fill(last);
    }
  }

  private void fill(FinalLog read) {
    long expected = 1;
    long time = Long.MIN_VALUE;
    for (Event event : read.events()) {
      if (event.seq() != expected) {
        throw Contradiction.of(
            "APP-2", "%s holds seq %d where %d should be".formatted(this, event.seq(), expected));
      }
      if (event.insertedAtMicros() < time) {
        throw Contradiction.of(
            "EVT-1",
            "in %s seq %d was inserted at %s, before the event before it"
                .formatted(this, event.seq(), event.insertedAt()));
      }
      put(new Slot(expected, event.toNewEvent(), event, null));
      time = event.insertedAtMicros();
      expected++;
    }
  }

  /** Adds what is known of a seq. */
  void put(Slot slot) {
    Identity identity = Identity.of(slot.content);
    Slot twin = byIdentity.putIfAbsent(identity, slot);
    if (twin != null) {
      throw Contradiction.of(
          identity.isPair() ? "APP-4" : "APP-2",
          "in %s one event is stored twice: as %s, and as %s".formatted(this, twin, slot),
          twin.witness,
          slot.witness);
    }
    slots.put(slot.seq, slot);
  }

  /** Where an event is, or null. */
  @Nullable Slot find(Identity identity) {
    return byIdentity.get(identity);
  }

  /** Whether all its events are known. */
  boolean isComplete() {
    return last != null;
  }

  /** Whether it is known to be sealed in the end. */
  boolean isSealed() {
    return last != null && last.sealed();
  }

  /** The highest seq that is known. */
  long lastSeq() {
    return slots.isEmpty() ? 0 : slots.lastKey();
  }

  /** A moment at which it did not exist yet. */
  long from() {
    return create == null ? Long.MIN_VALUE : create.invoked;
  }

  /** Whether a call may have met it. */
  boolean mayMeet(RecordedCall call) {
    long end = call.isUnknown() ? RecordedCall.NEVER : call.answered();
    return call.invoked <= until && end >= from();
  }

  /** Whether it may be this life that an append was answered from. */
  boolean agreesWith(RecordedAppend append) {
    for (int i = 0; i < append.events.size(); i++) {
      Slot slot = slots.get(append.results().get(i).seq());
      if (slot == null
          ? isComplete()
          : !Identity.of(slot.content).equals(Identity.of(append.events.get(i)))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return "session " + sessionId + " (incarnation " + incarnation + ")";
  }
}
