package ai.starcite.testkit.history;

import ai.starcite.Event;
import ai.starcite.SessionLogException.Code;
import ai.starcite.TailEnd;
import ai.starcite.testkit.history.CommitBounds.Bound;
import ai.starcite.testkit.history.RecordedTail.Seen;
import java.util.List;

/** What tails delivered: a slice of the log from the cursor on, of events that were there. */
final class TailSlices {
  private final SessionHistory session;

  TailSlices(SessionHistory session) {
    this.session = session;
  }

  /** Checks what was delivered, and notes what that tells of lives that are over. */
  void check() {
    for (RecordedTail tail : session.tails) {
      if (tail.succeeded()) {
        Life life = session.lives.get(tail.incarnation());
        if (!life.mayMeet(tail)) {
          throw Contradiction.of(
              "SES-7", "a tail was opened on %s, which was over".formatted(life), tail);
        }
        checkSlice(tail, life);
      }
    }
  }

  private static void checkSlice(RecordedTail tail, Life life) {
    long expected = Cursors.of(tail.options) + 1;
    List<Seen> seen = tail.seen();
    if (seen.size() > tail.options.limit().orElse(Long.MAX_VALUE)) {
      throw Contradiction.of("TAIL-6", "a tail delivered more than its limit", tail);
    }
    for (Seen each : seen) {
      Event event = each.event();
      if (event.seq() != expected) {
        throw Contradiction.of(
            "TAIL-1",
            "a tail delivered seq %d where seq %d comes".formatted(event.seq(), expected),
            tail);
      }
      Slot slot = life.slots.get(expected);
      if (slot == null && life.isComplete()) {
        throw Contradiction.of(
            "TAIL-2",
            "a tail delivered seq %d (%s), but %s ends at seq %d"
                .formatted(expected, RecordedAppend.show(event.toNewEvent()), life, life.lastSeq()),
            tail);
      }
      if (slot == null) {
        life.put(new Slot(expected, event.toNewEvent(), event, tail));
      } else if (!event.equals(slot.event)) {
        throw Contradiction.of(
            "EVT-2",
            "a tail delivered %s, but there is %s in %s".formatted(event, slot.event, life),
            tail,
            slot.witness);
      }
      expected++;
    }
  }

  /** Notes what tails tell about when events were there. */
  void bound(Life life, CommitBounds bounds) {
    for (RecordedTail tail : session.tails) {
      if (tail.succeeded() && tail.incarnation().equals(life.incarnation)) {
        for (Seen each : tail.seen()) {
          bounds.there(
              each.event().seq(),
              new Bound(each.moment(), "TAIL-2", "a tail delivered it then", tail));
        }
        boundEnd(tail, life, bounds);
      } else if (tail.failedWith(Code.CURSOR_AHEAD) && session.lifeOf(tail) == life) {
        long current = tail.failure().currentSeq().orElse(-1);
        if (current >= Cursors.of(tail.options)) {
          throw Contradiction.of("TAIL-4", "a cursor was refused that is not ahead", tail);
        }
        bounds.wasLast(current, tail, "TAIL-4", "the last seq of a refused cursor");
      }
    }
  }

  private void boundEnd(RecordedTail tail, Life life, CommitBounds bounds) {
    TailEnd end = tail.end();
    if (end == TailEnd.BOUND) {
      boolean full = tail.seen().size() == tail.options.limit().orElse(-1);
      if (!full && tail.options.follow()) {
        throw Contradiction.of("TAIL-6", "a tail ended at a bound that it does not have", tail);
      }
      if (!full) {
        bounds.wasLast(
            tail.reached(), tail, "TAIL-2, TAIL-6", "the end of a tail that does not follow");
      }
    } else if (end == TailEnd.SEALED) {
      if (life.lastSeq() > tail.reached() || (life.isComplete() && !life.isSealed())) {
        throw Contradiction.of(
            "SES-8, TAIL-8",
            "a tail ended as sealed at seq %d, but %s %s"
                .formatted(
                    tail.reached(),
                    life,
                    life.lastSeq() > tail.reached()
                        ? "goes on to seq " + life.lastSeq()
                        : "is not sealed"),
            tail);
      }
      if (life.isSealed()) {
        bounds.sealed(new Bound(tail.ended(), "SES-8", "a tail ended as sealed then", tail));
      }
    } else if (end == TailEnd.DELETED
        && (life.isComplete()
            || session.deletes().stream().noneMatch(call -> call.invoked <= tail.ended()))) {
      throw Contradiction.of("SES-7", "a tail ended as deleted, but nobody deleted " + life, tail);
    }
  }
}
