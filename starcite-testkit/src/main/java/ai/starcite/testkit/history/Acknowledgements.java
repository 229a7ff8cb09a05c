package ai.starcite.testkit.history;

import ai.starcite.AppendResult;
import ai.starcite.NewEvent;
import java.util.List;

/** What was acknowledged is stored where the answer says, with the content that was sent. */
final class Acknowledgements {
  private final SessionHistory session;

  private Acknowledgements(SessionHistory session) {
    this.session = session;
  }

  /** Checks it, and notes the authors in the slots of the session's lives. */
  static void check(SessionHistory session) {
    new Acknowledgements(session).findAll();
  }

  /** Each answer tells of a life, which may tell from which lives others cannot have come. */
  private void findAll() {
    List<RecordedAppend> open = session.appends.stream().filter(RecordedCall::succeeded).toList();
    open.forEach(Acknowledgements::checkAnswer);
    int before;
    do {
      before = open.size();
      open = open.stream().filter(append -> !find(append)).toList();
    } while (open.size() < before);
  }

  private boolean find(RecordedAppend append) {
    Life life = session.lifeOf(append);
    if (life == null) {
      return false;
    }
    for (int i = 0; i < append.events.size(); i++) {
      find(append, i, life);
    }
    if (append.seal) {
      long last = append.results().get(append.events.size() - 1).seq();
      if (life.lastSeq() > last || (life.isComplete() && !life.isSealed())) {
        throw Contradiction.of(
            "SES-8",
            "an append sealed %s at seq %d, but %s"
                .formatted(
                    life,
                    last,
                    life.lastSeq() > last
                        ? "there is " + life.slots.get(life.lastSeq())
                        : "it is not sealed"),
            append,
            life.slots.isEmpty() ? null : life.slots.lastEntry().getValue().author);
      }
    }
    return true;
  }

  private static void find(RecordedAppend append, int i, Life life) {
    AppendResult result = append.results().get(i);
    NewEvent event = append.events.get(i);
    Slot slot = life.slots.get(result.seq());
    if (slot == null) {
      if (life.isComplete()) {
        throw Contradiction.of(
            "APP-1",
            "seq %d was acknowledged, but %s ends at seq %d"
                .formatted(result.seq(), life, life.lastSeq()),
            append);
      }
      if (!result.deduped()) {
        slot = new Slot(result.seq(), event, null, append);
        slot.appendedBy(append);
        life.put(slot);
      }
      return;
    }
    if (result.deduped()) {
      if (!Identity.of(slot.content).equals(Identity.of(event))
          || !Identity.sameContent(slot.content, event)) {
        throw Contradiction.of(
            "APP-4",
            "a retry of %s was told that it is known, but there is %s in %s"
                .formatted(RecordedAppend.show(event), slot, life),
            append,
            slot.author);
      }
    } else if (slot.author != null) {
      throw Contradiction.of(
          "APP-2",
          "two appends were told that they wrote seq %d of %s".formatted(slot.seq, life),
          slot.author,
          append);
    } else if (!slot.content.equals(event)) {
      throw Contradiction.of(
          "APP-2",
          "seq %d of %s was acknowledged for %s, but holds %s"
              .formatted(slot.seq, life, RecordedAppend.show(event), slot),
          append,
          slot.witness);
    } else {
      slot.appendedBy(append);
    }
  }

  /** What an answer must be in itself. */
  private static void checkAnswer(RecordedAppend append) {
    List<AppendResult> results = append.results();
    if (results.size() != append.events.size()) {
      throw Contradiction.of("APP-3", "a batch has another number of results", append);
    }
    long newSeq = 0;
    for (AppendResult each : results) {
      if (!each.deduped()) {
        if (newSeq == 0 && append.expectedSeq >= 0 && each.seq() != append.expectedSeq + 1) {
          throw Contradiction.of(
              "APP-5", "an append did not come right behind the seq that it expected", append);
        }
        if (newSeq != 0 && each.seq() != newSeq + 1) {
          throw Contradiction.of("APP-3", "a batch has a hole or another order", append);
        }
        newSeq = each.seq();
      }
      if (each.lastSeq() < each.seq()) {
        throw Contradiction.of("APP-2", "last_seq lies before the event itself", append);
      }
    }
    for (int i = 0; i < results.size(); i++) {
      if (results.get(i).deduped() && append.events.get(i).producerId().isEmpty()) {
        throw Contradiction.of(
            "APP-4", "an event without a producer is said to be known already", append);
      }
    }
  }
}
