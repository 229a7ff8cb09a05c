package ai.starcite.internal.commit;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.TailEnd;
import ai.starcite.internal.events.Page;
import ai.starcite.internal.session.SessionLoader;
import ai.starcite.internal.store.AsyncCalls.Presence;
import ai.starcite.internal.store.StoreFailures;
import ai.starcite.spi.AppendOutcome;
import ai.starcite.spi.Indefinite;
import ai.starcite.spi.ReadOutcome;
import ai.starcite.spi.Rejected;
import ai.starcite.spi.StateCheckpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes what the store answers, to writes and to refreshes. */
public final class StoreAnswers {
  private final CommitQueue queue;
  private final CallOutcomes outcomes;
  private final Retirement retirement;

  /** Whether the store is being read for a write of unknown outcome. */
  private boolean glimpsing;

  /** The write whose outcome is being dealt with. */
  private @Nullable InFlight resolving;

  StoreAnswers(CommitQueue queue, Retirement retirement) {
    this.queue = queue;
    this.outcomes = queue.outcomes;
    this.retirement = retirement;
  }

  /** The write that was being dealt with when an error struck, or null. */
  @Nullable InFlight resolving() {
    return resolving;
  }

  /** Notes that the write which was being dealt with is given up. */
  void givenUp() {
    resolving = null;
  }

  // ---- Writes.

  /** Takes the store's answer to a write. */
  public void written(InFlight write, AppendOutcome outcome, Effects effects) {
    write.await(false);
    if (queue.inFlight() != write) {
      return;
    }
    boolean unknown =
        outcome instanceof Indefinite || (outcome instanceof Rejected && write.mayBeStored);
    if (unknown) {
      write.mayBeStored = true;
      effects.add(new Effect.SendLater(write));
      return;
    }
    resolving = write;
    if (outcome instanceof AppendOutcome.Committed) {
      committed(write, effects);
    } else if (outcome instanceof Rejected rejected) {
      rejected(write, StoreFailures.of(rejected.cause()), effects);
    } else if (outcome instanceof AppendOutcome.Gone) {
      gone(effects);
    } else if (write.mayBeStored) {
      effects.add(new Effect.Verify(write));
    } else {
      lost(write, effects);
    }
    resolving = null;
  }

  /** Takes what stands where the store has called the place of a repeated write taken. */
  public void verified(InFlight write, Presence presence, Effects effects) {
    if (queue.inFlight() != write) {
      return;
    }
    resolving = write;
    switch (presence) {
      case OURS -> committed(write, effects);
      // The store has called the seq taken.
      case ANOTHER, NONE -> lost(write, effects);
      case GONE -> gone(effects);
      case UNKNOWN -> effects.add(new Effect.SendLater(write));
    }
    resolving = null;
  }

  /** Takes what stands in the place of a write of unknown outcome, which may resolve it. */
  public void glimpsed(InFlight write, Presence presence, Effects effects) {
    glimpsing = false;
    if (queue.inFlight() == write && (presence == Presence.OURS || presence == Presence.ANOTHER)) {
      verified(write, presence, effects);
    }
  }

  /** Sends a write again, unless it was given up meanwhile. */
  public void sendAgain(InFlight write, Effects effects) {
    if (queue.inFlight() == write) {
      effects.add(new Effect.Send(write));
    }
  }

  private void committed(InFlight write, Effects effects) {
    queue.landed();
    if (queue.isRetired()) {
      // Deleted here since: it was stored before that.
      queue.answer(write.calls(), write.segment().nextSeq() - 1, effects);
      retirement.leave(effects);
      return;
    }
    queue.refreshes.foundSomething();
    queue.next.commit(write);
    // Published before anything is answered, so that a caller that has the answer can read it.
    publish(queue.head.keepsPages() ? Page.of(write.segment()) : null, effects);
    int events = write.segment().count();
    int bytes = write.segment().length();
    long took = queue.context.waits().nanoTime() - write.sentAtNanos;
    queue.fairness.stored(took);
    queue.linger.stored();
    queue.context.observer().onCommitted(queue.sessionId, events, bytes, Duration.ofNanos(took));
    queue.answer(write.calls(), queue.state.nextSeq() - 1, effects);
    StateCheckpoint checkpoint = queue.checkpoints.stored(bytes);
    if (checkpoint != null) {
      effects.add(new Effect.Checkpoint(checkpoint));
    }
    // Where one waited, and nothing has come since, there is nobody to go on with.
    if (write.calls().size() > 1 || queue.isWaiting()) {
      queue.answering(effects);
    }
  }

  private void publish(@Nullable Page page, Effects effects) {
    queue.head.publish(page, queue.state.nextSeq(), queue.state.sealed());
    effects.wakeReaders();
  }

  /** Nothing of the write is stored: what it was to store fails, the rest is decided again. */
  private void rejected(InFlight write, SessionLogException failure, Effects effects) {
    queue.landed();
    List<QueuedAppend> again = new ArrayList<>();
    Map<String, Failed> failures = new HashMap<>();
    for (QueuedAppend each : write.calls()) {
      if (each.encoded) {
        outcomes.fail(each, failure, effects);
        Failed.note(each, failure, failures);
      } else {
        again.add(each);
      }
    }
    if (!retirement.leaveIfRetired(again, effects)) {
      queue.decideAgain(again);
      queue.shareFailures(failures);
      queue.advance(effects);
    }
  }

  /** Another process was first, or sealed the session: everything is decided again behind it. */
  private void lost(InFlight write, Effects effects) {
    queue.landed();
    queue.linger.lost();
    Map<String, Failed> failures = new HashMap<>();
    for (QueuedAppend each : write.calls()) {
      if (each.isDone() && each.encoded) {
        // Given up in flight, and now it is certain that it never will be stored.
        Failed.note(each, CallOutcomes.cancelled("was given up"), failures);
      }
    }
    if (retirement.leaveIfRetired(write.calls(), effects)) {
      return;
    }
    queue.decideAgain(write.calls());
    queue.shareFailures(failures);
    if (queue.refreshes.requireAfterLoss()) {
      effects.add(new Effect.Refresh());
    } else {
      queue.failWaiting(
          new SessionLogException(
              Code.STORE_UNAVAILABLE,
              "the store refuses seq %d of session %s as taken, but has no event there"
                  .formatted(queue.state.nextSeq(), queue.sessionId)),
          effects);
    }
  }

  /** The session was deleted, by this process or another one. */
  private void gone(Effects effects) {
    List<QueuedAppend> again = new ArrayList<>();
    Map<String, Failed> failures = new HashMap<>();
    InFlight write = queue.inFlight();
    if (write != null) {
      for (QueuedAppend each : write.calls()) {
        if (each.encoded && (write.mayBeStored || each.isDone())) {
          outcomes.fail(
              each, CallOutcomes.unknown("outlived its session, which was deleted"), effects);
          Failed.note(each, SessionLoader.notFound(queue.sessionId), failures);
        }
        again.add(each);
      }
      queue.landed();
    }
    if (retirement.leaveIfRetired(again, effects)) {
      return;
    }
    queue.decideAgain(again);
    queue.shareFailures(failures);
    // The id may have a new incarnation, which what was not stored belongs to.
    retirement.incarnationEnded(SessionLoader.notFound(queue.sessionId), effects);
  }

  // ---- Refreshes: what others have appended to a shared session.

  /**
   * Asks for a refresh, unless a write is under way, which has the same effect. If the outcome of
   * that is unknown, others may have been first: readers need not wait until it can be sent again.
   */
  public void refresh(Effects effects) {
    if (queue.isRetired() || queue.refreshes.areUnderWay()) {
      return;
    }
    InFlight write = queue.inFlight();
    if (write == null) {
      queue.refreshes.begin();
      effects.add(new Effect.Refresh());
    } else if (write.mayBeStored && !glimpsing) {
      glimpsing = true;
      effects.add(new Effect.Glimpse(write));
    }
  }

  /** Checks whether others have stored theirs, if something still waits for that. */
  public void checkTurn(Effects effects) {
    queue.fairness.checked();
    if (queue.isWaiting()) {
      refresh(effects);
    }
  }

  /** Takes what a refresh has read; true if there was something new. */
  public boolean refreshed(
      @Nullable ReadOutcome outcome, @Nullable Throwable failure, Effects effects) {
    boolean found = false;
    try {
      if (outcome instanceof ReadOutcome.Segments segments) {
        found = apply(segments, effects);
      } else if (outcome == null) {
        throw StoreFailures.of(failure);
      }
    } catch (SessionLogException e) {
      refreshFailed(e, effects);
      return false;
    }
    if (found && !queue.state.sealed()) {
      effects.add(new Effect.Refresh());
      return true;
    }
    if (outcome instanceof ReadOutcome.Gone) {
      queue.refreshes.end();
      gone(effects);
    } else {
      queue.refreshes.succeeded();
      queue.decideAgain(List.of());
      if (queue.isRetired()) {
        retirement.leave(effects);
      }
      queue.advance(effects);
    }
    return found;
  }

  private boolean apply(ReadOutcome.Segments read, Effects effects) {
    if (read.segments().isEmpty() || queue.isRetired()) {
      return false;
    }
    Page page = Page.read(queue.head.key(), queue.state.nextSeq(), read.segments());
    // A seal without events stands at the next seq, and is found there again and again.
    if (page.lastToken().equals(queue.state.lastToken())) {
      return false;
    }
    queue.state.apply(page);
    queue.refreshes.foundSomething();
    queue.fairness.passed(read.segments().size(), queue.isWaiting());
    publish(queue.head.keepsPages() ? page : null, effects);
    queue.checkpoints.account();
    return true;
  }

  private void refreshFailed(SessionLogException failure, Effects effects) {
    boolean awaited = queue.refreshes.end();
    if (failure.code() == Code.CORRUPT && !queue.isRetired()) {
      // The next call opens the session again, and finds what is left of it.
      retirement.retire(failure, TailEnd.FAILED, effects);
    } else if (awaited) {
      queue.failWaiting(failure, effects);
    } else {
      // It was only to see whether there is anything new.
      queue.advance(effects);
    }
  }
}
