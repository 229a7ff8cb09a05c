package ai.starcite.testkit.history;

import ai.starcite.AppendResult;
import ai.starcite.NewEvent;
import ai.starcite.SessionLogException.Code;
import ai.starcite.testkit.history.CommitBounds.Bound;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What appends were told, justified by what was there at some moment while they were under way. */
final class Verdicts {
  private static final Set<Code> JUDGED =
      Set.of(
          Code.SESSION_SEALED,
          Code.EXPECTED_SEQ_CONFLICT,
          Code.PRODUCER_SEQ_CONFLICT,
          Code.PRODUCER_REPLAY_CONFLICT,
          Code.TOO_MANY_PRODUCERS);

  private record Cause(int log, String producerId, Code code) {}

  private final SessionHistory session;
  private final Set<RecordedAppend> shared;

  Verdicts(SessionHistory session) {
    this.session = session;
    this.shared = shared(session.appends);
  }

  /**
   * The failures that an event may only share with an earlier one of its producer that was still
   * under way (clause APP-4), so that they say nothing about the event itself.
   */
  private static Set<RecordedAppend> shared(List<RecordedAppend> appends) {
    Set<RecordedAppend> found = new java.util.HashSet<>();
    Map<Cause, Long> latest = new HashMap<>();
    for (RecordedAppend append : appends) {
      if (append.failure() != null) {
        List<Cause> causes = new ArrayList<>();
        for (NewEvent event : append.events) {
          event
              .producerId()
              .ifPresent(
                  id -> causes.add(new Cause(append.caller.log(), id, append.failure().code())));
        }
        if (causes.stream().anyMatch(each -> latest.getOrDefault(each, -1L) >= append.invoked)) {
          found.add(append);
        }
        causes.forEach(each -> latest.merge(each, append.answered(), Math::max));
      }
    }
    return found;
  }

  /** Whether a failure may be one that is shared. */
  boolean mayBeShared(RecordedAppend append) {
    return shared.contains(append);
  }

  /** Checks what was told about one life, and notes what that says about when events were there. */
  void check(Life life, CommitBounds bounds) {
    for (RecordedAppend append : session.appends) {
      if (append.failedWith(Code.SESSION_SEALED)
          && !mayBeShared(append)
          && session.surelyUnsealed(append)) {
        throw Contradiction.of(
            "SES-8", "an append was refused as sealed, but the session is not sealed", append);
      }
      if (append.succeeded() && session.lifeOf(append) == life) {
        succeeded(append, bounds);
      } else if (append.failure() != null
          && JUDGED.contains(append.failure().code())
          && session.lifeOf(append) == life) {
        refused(append, life, bounds);
      }
    }
  }

  private static void succeeded(RecordedAppend append, CommitBounds bounds) {
    boolean deduped = true;
    for (AppendResult each : append.results()) {
      deduped &= each.deduped();
      bounds.there(
          each.seq(),
          each.deduped()
              ? new Bound(append.answered(), "APP-4", "a retry was told so", append)
              : new Bound(append.answered(), "APP-2", "it was acknowledged then", append));
    }
    bounds.wasLast(
        append.results().get(0).lastSeq(), append, deduped ? "APP-4" : "APP-2", "last_seq");
    if (append.seal) {
      bounds.sealed(new Bound(append.answered(), "SES-8", "it was acknowledged then", append));
    }
  }

  private void refused(RecordedAppend append, Life life, CommitBounds bounds) {
    checkNotKnown(append, life);
    switch (append.failure().code()) {
      case EXPECTED_SEQ_CONFLICT -> unexpected(append, bounds);
      case PRODUCER_SEQ_CONFLICT -> gap(append, life, bounds);
      case PRODUCER_REPLAY_CONFLICT -> replay(append, life, bounds);
      case SESSION_SEALED -> {
        if (life.isSealed()) {
          bounds.sealed(
              new Bound(append.answered(), "SES-8", "an append was refused for it", append));
        }
      }
      default -> {}
    }
  }

  /** A retry of what was acknowledged is never refused. */
  private static void checkNotKnown(RecordedAppend append, Life life) {
    RecordedAppend author = null;
    for (int i = 0; i < append.events.size(); i++) {
      NewEvent event = append.events.get(i);
      Slot slot = event.producerId().isEmpty() ? null : life.find(Identity.of(event));
      author = slot == null ? null : slot.author;
      if (author == null
          || !author.succeeded()
          || author.answered() >= append.invoked
          || !Identity.sameContent(slot.content, event)
          || author.sealsWith(author.events.indexOf(slot.content)) != append.sealsWith(i)) {
        return;
      }
    }
    throw Contradiction.of("APP-6", "a retry of what was acknowledged was refused", author, append);
  }

  private void unexpected(RecordedAppend append, CommitBounds bounds) {
    long current = append.failure().currentSeq().orElse(-1);
    if (!mayBeShared(append) && (append.expectedSeq < 0 || append.expectedSeq == current)) {
      throw Contradiction.of(
          "APP-5", "an append was refused though its expectation was met", append);
    }
    if (mayBeShared(append)) {
      // It was the current seq when the first of a row failed, which may have been before the call.
      bounds.there(current, new Bound(append.answered(), "APP-5", "a conflict named it", append));
    } else {
      bounds.wasLast(current, append, "APP-5", "the current seq of a conflict");
    }
  }

  private void gap(RecordedAppend append, Life life, CommitBounds bounds) {
    long next = append.failure().expectedProducerSeq().orElse(-1);
    if (mayBeShared(append) || next < 0) {
      return;
    }
    List<Slot> lasts = new ArrayList<>();
    for (NewEvent event : append.events) {
      if (event.producerId().isPresent()) {
        long number = event.producerSeq().getAsLong();
        Slot last = life.find(new Identity(event.producerId().get(), next - 1));
        if (number == next - 1 && append.events.size() > 1) {
          return; // It may be the event itself that is followed by a gap.
        }
        if (last != null && !lasts.contains(last)) {
          lasts.add(last);
        }
        if (append.events.size() == 1 && last != null && number == next) {
          throw Contradiction.of("APP-4", "a number was refused that is said to come next", append);
        }
      }
    }
    if (lasts.isEmpty() && life.isComplete()) {
      throw Contradiction.of(
          "APP-4",
          "number %d is said to come next, but %s has none before it".formatted(next, life),
          append);
    }
    if (lasts.size() == 1) {
      String producer = lasts.get(0).content.producerId().orElseThrow();
      String words = "a call was told that number %d of producer %s comes next";
      String told = words.formatted(next, producer);
      bounds.there(lasts.get(0).seq, new Bound(append.answered(), "APP-4", told, append));
      Slot follower = life.find(new Identity(producer, next));
      if (follower != null) {
        bounds.notThere(follower.seq, new Bound(append.invoked, "APP-4", told, append));
      }
    }
  }

  private void replay(RecordedAppend append, Life life, CommitBounds bounds) {
    long seq = append.failure().currentSeq().orElse(-1);
    Slot slot = life.slots.get(seq);
    if (slot != null) {
      bounds.there(
          seq, new Bound(append.answered(), "APP-4", "a replay conflict named it then", append));
    }
    if (mayBeShared(append) || (slot == null && !life.isComplete())) {
      return;
    }
    for (int i = 0; slot != null && i < append.events.size(); i++) {
      NewEvent event = append.events.get(i);
      boolean sealDiffers = append.sealsWith(i) || slot.author == null || slot.author.seal;
      if (Identity.of(event).equals(Identity.of(slot.content))
          && (sealDiffers || !Identity.sameContent(event, slot.content))) {
        return;
      }
    }
    throw Contradiction.of(
        "APP-4",
        "a replay conflict names seq %d, but %s has no such pair with another content there"
            .formatted(seq, life),
        append,
        slot == null ? null : slot.author);
  }
}
