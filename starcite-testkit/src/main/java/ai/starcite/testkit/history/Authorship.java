package ai.starcite.testkit.history;

import ai.starcite.AppendResult;
import ai.starcite.NewEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the append of every event that was not acknowledged: what is unknown is there as a whole or
 * not at all, what failed is not, and there is nothing else.
 */
final class Authorship {
  private record Use(RecordedAppend append, int index) {}

  private final SessionHistory session;
  private final Map<Identity, List<Use>> uses = new HashMap<>();

  private Authorship(SessionHistory session) {
    this.session = session;
  }

  /** Checks it, and notes the authors in the slots of the session's lives. */
  static void check(SessionHistory session) {
    Authorship authorship = new Authorship(session);
    authorship.index();
    session.lives.values().forEach(authorship::findAuthors);
    session.lives.values().forEach(Authorship::checkProducers);
  }

  private void index() {
    for (RecordedAppend append : session.appends) {
      for (int i = 0; i < append.events.size(); i++) {
        NewEvent event = append.events.get(i);
        List<Use> same = uses.computeIfAbsent(Identity.of(event), any -> new ArrayList<>(1));
        if (event.producerId().isEmpty() && !same.isEmpty()) {
          throw new IllegalArgumentException(
              "two events without a producer are alike, so that they cannot be told apart: "
                  + RecordedAppend.show(event));
        }
        same.add(new Use(append, i));
      }
    }
  }

  private void findAuthors(Life life) {
    Map<RecordedAppend, List<Slot>> guessed = new LinkedHashMap<>();
    for (Slot slot : life.slots.values()) {
      if (slot.author == null) {
        RecordedAppend author = findAuthor(slot, life);
        if (author != null) {
          guessed.computeIfAbsent(author, any -> new ArrayList<>()).add(slot);
        }
      }
    }
    guessed.forEach((append, slots) -> checkWhole(append, slots, life));
  }

  private @Nullable RecordedAppend findAuthor(Slot slot, Life life) {
    List<Use> same = uses.getOrDefault(Identity.of(slot.content), List.of());
    List<RecordedAppend> possible =
        same.stream().filter(use -> mayHaveWritten(use, slot, life)).map(Use::append).toList();
    if (possible.isEmpty()) {
      throw nobody(slot, life, same);
    }
    RecordedAppend first = possible.get(0);
    slot.mayBeBy(possible);
    if (possible.stream().allMatch(first::asksTheSameAs)) {
      slot.author = first;
      return first;
    }
    return null;
  }

  private boolean mayHaveWritten(Use use, Slot slot, Life life) {
    RecordedAppend append = use.append();
    if (append.failedForGood()
        || !life.mayMeet(append)
        || !append.events.get(use.index()).equals(slot.content)) {
      return false;
    }
    if (append.isUnknown()) {
      return true;
    }
    AppendResult result = append.results().get(use.index());
    return !result.deduped() && result.seq() == slot.seq && session.lifeOf(append) == null;
  }

  private static Contradiction nobody(Slot slot, Life life, List<Use> same) {
    List<RecordedAppend> failed =
        same.stream()
            .filter(use -> use.append().events.get(use.index()).equals(slot.content))
            .map(Use::append)
            .filter(RecordedCall::failedForGood)
            .limit(3)
            .toList();
    if (!failed.isEmpty()) {
      return Contradiction.of(
          "APP-7",
          "an append failed for good, but %s is in %s".formatted(slot, life),
          failed.toArray(RecordedCall[]::new));
    }
    if (same.stream().anyMatch(use -> !life.mayMeet(use.append()))) {
      return Contradiction.of(
          "SES-7",
          "%s is in %s, but was appended when that was not there".formatted(slot, life),
          life.create,
          same.get(0).append());
    }
    return Contradiction.of(
        same.isEmpty() ? "APP-2" : "APP-4",
        "no append that was called can have written %s of %s".formatted(slot, life),
        same.stream().limit(3).map(Use::append).toArray(RecordedCall[]::new));
  }

  /** Of an append of unknown outcome, some events are there: then all, in one piece. */
  private static void checkWhole(RecordedAppend append, List<Slot> slots, Life life) {
    if (!life.isComplete()) {
      return; // What is missing may only be unknown.
    }
    Slot first = slots.get(0);
    if (append.expectedSeq >= 0 && first.seq != append.expectedSeq + 1) {
      throw Contradiction.of(
          "APP-5",
          "%s of %s did not come right behind the seq that it expected".formatted(first, life),
          append);
    }
    int wanted = 0;
    long next = first.seq;
    for (Slot slot : slots) {
      while (wanted < append.events.size() && !append.events.get(wanted).equals(slot.content)) {
        wanted++;
      }
      while (next < slot.seq && isOpen(life.slots.get(next))) {
        next++; // It may be of this batch too.
      }
      if (slot.seq != next++ || wanted == append.events.size()) {
        throw Contradiction.of(
            "APP-3",
            "a batch is in %s, but not in one piece or not in order: see %s".formatted(life, slot),
            append);
      }
    }
    if (slots.size() < append.events.size() && !hasRest(append, slots, first.seq, life)) {
      throw Contradiction.of(
          "APP-3",
          "of a batch only %d of %d events are in %s, from %s on"
              .formatted(slots.size(), append.events.size(), life, first),
          append);
    }
  }

  /** Whether the events that a batch did not write are those that it repeats. */
  private static boolean hasRest(RecordedAppend append, List<Slot> slots, long before, Life life) {
    Set<Identity> written = new HashSet<>();
    slots.forEach(slot -> written.add(Identity.of(slot.content)));
    for (NewEvent event : append.events) {
      Identity identity = Identity.of(event);
      Slot other = written.contains(identity) ? null : life.find(identity);
      if (!written.contains(identity)
          && (other == null || (other.seq >= before && !isOpen(other)))) {
        return false;
      }
    }
    return true;
  }

  /** Whether there are several calls that may have appended it. */
  private static boolean isOpen(@Nullable Slot slot) {
    return slot != null && slot.author == null;
  }

  private static void checkProducers(Life life) {
    Map<Object, Slot> lastOf = new HashMap<>();
    for (Slot slot : life.slots.values()) {
      Identity identity = Identity.of(slot.content);
      Slot before = identity.isPair() ? lastOf.put(identity.key(), slot) : null;
      if (before != null) {
        long number = Identity.of(before.content).number();
        boolean follows =
            life.isComplete() ? identity.number() == number + 1 : identity.number() > number;
        if (!follows) {
          throw Contradiction.of(
              "APP-4",
              "in %s a producer's numbers do not follow each other: %s, then %s"
                  .formatted(life, before, slot),
              before.author,
              slot.author);
        }
      }
    }
  }
}
