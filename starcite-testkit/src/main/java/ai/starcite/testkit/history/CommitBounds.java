package ai.starcite.testkit.history;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * When each event of a life can have been committed, and whether there is one order of time for all
 * of them. Each event has an earliest moment, since it was not there before, and a latest one,
 * since somebody knew of it then. The events are committed in the order of their seqs, those of a
 * batch together; so that there is an order if no event's earliest moment is past the latest one of
 * an event that is not before it.
 */
final class CommitBounds {
  /** What somebody did or was told at a moment, and what follows from it. */
  record Bound(long moment, String clause, String words, @Nullable RecordedCall call) {}

  private final Life life;

  /** By batch, its first seq. A seal of its own is a batch behind the others. */
  private final List<Long> firsts = new ArrayList<>();

  private final List<Bound> earliest = new ArrayList<>();
  private final List<@Nullable Bound> latest = new ArrayList<>();

  CommitBounds(Life life) {
    this.life = life;
    Slot before = null;
    for (Slot slot : life.slots.values()) {
      boolean sameBatch =
          before != null
              && slot.author != null
              && slot.author == before.author
              && slot.seq == before.seq + 1;
      if (!sameBatch) {
        String words =
            slot.first == null ? "" : "seq %d was appended by a call of then".formatted(slot.seq);
        addBatch(slot.seq, new Bound(slot.notBefore, "APP-2", words, slot.first));
      }
      before = slot;
    }
  }

  private void addBatch(long first, Bound bound) {
    firsts.add(first);
    earliest.add(bound);
    latest.add(null);
  }

  /** Adds the seal, which did not come with an event, behind all events. */
  void addSeal(Bound bound) {
    addBatch(Long.MAX_VALUE, bound);
  }

  /** Somebody knew that a seq, or a lower one, is there. */
  void there(long seq, Bound bound) {
    int batch = batchAt(seq);
    if (batch >= 0) {
      thereBatch(batch, bound);
    }
  }

  /** Somebody knew that the session is sealed. */
  void sealed(Bound bound) {
    if (!firsts.isEmpty()) {
      thereBatch(firsts.size() - 1, bound);
    }
  }

  /** Somebody knew that the session is not sealed. */
  void notSealed(Bound bound) {
    int batch = firsts.size() - 1;
    if (life.isSealed() && batch >= 0 && bound.moment() > earliest.get(batch).moment()) {
      earliest.set(batch, bound);
    }
  }

  private void thereBatch(int batch, Bound bound) {
    Bound known = latest.get(batch);
    if (known == null || bound.moment() < known.moment()) {
      latest.set(batch, bound);
    }
  }

  /** A seq, or a higher one, was not there yet. */
  void notThere(long seq, Bound bound) {
    int batch = batchAt(seq);
    if (batch < 0 || firsts.get(batch) < seq && !life.slots.containsKey(seq)) {
      batch++;
    }
    if (batch < firsts.size()
        && firsts.get(batch) != Long.MAX_VALUE
        && bound.moment() > earliest.get(batch).moment()) {
      earliest.set(batch, bound);
    }
  }

  /** A call was told that a seq was the last one, at some moment while it was under way. */
  void wasLast(long seq, RecordedCall call, String clause, String what) {
    if (seq < 0 || (life.isComplete() && seq > life.lastSeq())) {
      throw Contradiction.of(
          clause,
          "%s is %d, but %s has events up to seq %d only"
              .formatted(what, seq, life, life.lastSeq()),
          call);
    }
    Map.Entry<Long, Slot> next = life.slots.higherEntry(seq);
    if (seq > 0 && next != null && batchAt(seq) == batchAt(next.getKey())) {
      throw Contradiction.of(
          "APP-3",
          "%s is %d, which lies inside of a batch".formatted(what, seq),
          call,
          next.getValue().author);
    }
    String words = "%s was %d for a call".formatted(what, seq);
    there(seq, new Bound(call.answered(), clause, words + " that was answered then", call));
    if (next != null) {
      notThere(next.getKey(), new Bound(call.invoked, clause, words + " that was made then", call));
    }
  }

  private int batchAt(long seq) {
    int found = Collections.binarySearch(firsts, seq);
    return found >= 0 ? found : -found - 2;
  }

  /** Checks that there is an order. */
  void check() {
    int last = -1;
    for (int i = 0; i < firsts.size(); i++) {
      if (last < 0 || earliest.get(i).moment() > earliest.get(last).moment()) {
        last = i;
      }
      Bound before = latest.get(i);
      Bound after = earliest.get(last);
      if (before != null && after.moment() > before.moment()) {
        throw Contradiction.of(
            before.clause().equals("APP-2") ? after.clause() : before.clause(),
            "%s was not there before moment %d (%s), but %s was there by moment %d (%s), in %s"
                .formatted(
                    name(last),
                    after.moment(),
                    after.words(),
                    last == i ? "it" : name(i) + ", which comes after it,",
                    before.moment(),
                    before.words(),
                    life),
            after.call(),
            before.call(),
            last == i ? null : latest.get(last) == null ? null : latest.get(last).call());
      }
    }
  }

  private String name(int batch) {
    return firsts.get(batch) == Long.MAX_VALUE ? "the seal" : "seq " + firsts.get(batch);
  }
}
