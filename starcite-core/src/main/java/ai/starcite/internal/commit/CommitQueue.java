package ai.starcite.internal.commit;

import ai.starcite.SessionLogException;
import ai.starcite.internal.commit.NextSegment.Decision;
import ai.starcite.internal.events.Page;
import ai.starcite.internal.session.Head;
import ai.starcite.internal.session.SessionLoader.Loaded;
import ai.starcite.internal.session.SessionState;
import ai.starcite.internal.shared.Fairness;
import ai.starcite.internal.shared.Refreshes;
import ai.starcite.internal.store.StoreFailures;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The queue of an open session: decides calls in order, and starts what is to be done next. See the
 * package for the whole.
 */
final class CommitQueue {
  /** Whether a segment is being stored. */
  private enum Writing {
    IDLE,
    IN_FLIGHT,
    /** The last one is stored, and its callers are being told. */
    ANSWERING
  }

  final String sessionId;
  final CommitContext context;
  final CallOutcomes outcomes;
  final Head head;
  final SessionState state;
  final NextSegment next;
  final CheckpointPolicy checkpoints;
  final Refreshes refreshes = new Refreshes();
  final Fairness fairness;
  final Linger linger;
  final OldRetries oldRetries = new OldRetries();

  private final BooleanSupplier mayBeOver;
  private final ArrayDeque<QueuedAppend> queue = new ArrayDeque<>();

  private final TurnedAway turnedAway;

  private long enqueued;
  private Life life;
  private Writing writing = Writing.IDLE;
  private @Nullable InFlight inFlight;

  /** The first call of the queue, while a page is being read that it needs. */
  private @Nullable QueuedAppend lookingUp;

  /** Whether the segment that forms rests on a call that was withdrawn. */
  private boolean stale;

  CommitQueue(
      CommitContext context,
      CallOutcomes outcomes,
      Loaded loaded,
      TurnedAway turnedAway,
      CheckpointPolicy checkpoints,
      BooleanSupplier mayBeOver) {
    this.context = context;
    this.outcomes = outcomes;
    this.head = loaded.head();
    this.state = loaded.state();
    this.sessionId = head.key().id();
    this.turnedAway = turnedAway;
    this.checkpoints = checkpoints;
    this.mayBeOver = mayBeOver;
    this.life = loaded.damage() == null ? new Life.Live() : new Life.Damaged(loaded.damage());
    this.next = new NextSegment(head, state, context, turnedAway, this::mayBeOutOfDate);
    this.fairness = new Fairness(context.waits());
    this.linger = new Linger(context);
  }

  // ---- States.

  Life life() {
    return life;
  }

  void become(Life newLife) {
    life = newLife;
  }

  boolean isRetired() {
    return life instanceof Life.Retired;
  }

  /** What is being stored, or null. */
  @Nullable InFlight inFlight() {
    return inFlight;
  }

  /** Takes the write that is resolved. */
  void landed() {
    writing = Writing.IDLE;
    inFlight = null;
  }

  /** Puts a write back that could not be dealt with. */
  void notLanded(InFlight write) {
    writing = Writing.IN_FLIGHT;
    inFlight = write;
  }

  boolean isIdle() {
    return !isRetired()
        && queue.isEmpty()
        && next.calls().isEmpty()
        && writing == Writing.IDLE
        && !refreshes.areUnderWay()
        && lookingUp == null
        && oldRetries.isEmpty()
        && !head.hasTails();
  }

  /** Whether a call waits that is not in flight. */
  boolean isWaiting() {
    return !(queue.isEmpty() && next.calls().isEmpty());
  }

  boolean contains(QueuedAppend queued) {
    return queue.contains(queued)
        || oldRetries.contains(queued)
        || next.calls().contains(queued)
        || (inFlight != null && inFlight.calls().contains(queued));
  }

  /**
   * Whether what this process knows may be out of date, so that nothing is answered by it without a
   * refresh: others write there, or the session is being deleted.
   */
  private boolean mayBeOutOfDate() {
    return context.shared() || mayBeOver.getAsBoolean();
  }

  // ---- Calls come.

  void enqueue(QueuedAppend queued) {
    queued.arrival = refreshes.begun();
    queued.order = ++enqueued;
    queue.add(queued);
  }

  /** Decides what can be decided, and starts what is to be done next. */
  void advance(Effects effects) {
    if (refreshes.areUnderWay() || !(life instanceof Life.Live)) {
      return;
    }
    if (stale && inFlight == null) {
      decideAgain(List.of());
    }
    decideQueued(effects);
    if (writing != Writing.IDLE) {
      return;
    }
    if (next.hasSegment()) {
      if (context.completions().areClosing() || !isHeld(effects)) {
        send(effects);
      }
    } else if (!next.calls().isEmpty()) {
      answer(
          mayBeOutOfDate() || next.doubtsItsIncarnation()
              ? next.takeProven(refreshes.proven())
              : next.takeDecided(),
          state.nextSeq() - 1,
          effects);
      if (!next.calls().isEmpty()) {
        refreshes.require();
        effects.add(new Effect.Refresh());
      }
    }
  }

  private void send(Effects effects) {
    inFlight = next.finish(context.waits().nanoTime());
    writing = Writing.IN_FLIGHT;
    if (!queue.isEmpty() && !stale) {
      // Not here, where it would keep the segment from being sent.
      effects.add(new Effect.AdvanceElsewhere());
    }
    effects.add(new Effect.Send(inFlight));
  }

  /** Whether a segment that could be sent waits for others: processes, or events. */
  private boolean isHeld(Effects effects) {
    if (context.shared() && fairness.holds()) {
      long nanos = fairness.checkAfterNanos();
      if (nanos > 0) {
        effects.add(new Effect.CheckTurn(nanos));
      }
      return true;
    }
    long nanos = queue.isEmpty() ? linger.nanos(next.calls()) : 0;
    if (nanos > 0 && linger.pause()) {
      effects.add(new Effect.Pause(nanos));
    }
    return nanos > 0;
  }

  private void decideQueued(Effects effects) {
    if (stale) {
      return;
    }
    while (!queue.isEmpty()) {
      QueuedAppend first = queue.peek();
      if (oldRetries.concern(first) && !next.repeatsOnly(first)) {
        return;
      }
      Decision decision = next.decide(first);
      if (decision == Decision.DECIDED) {
        queue.remove();
      } else if (decision == Decision.REPEATS_DURABLE) {
        answer(List.of(queue.remove()), state.nextSeq() - 1, effects);
      } else if (decision == Decision.NEEDS_PAGE && next.repeatsOnly(first)) {
        first.wantedSeq = next.wanted();
        oldRetries.park(queue.remove(), effects);
      } else {
        if (decision == Decision.NEEDS_PAGE && lookingUp == null) {
          first.wantedSeq = next.wanted();
          lookingUp = first;
          effects.add(new Effect.LookUp(first));
        }
        return;
      }
    }
  }

  /** Goes on with a call that needed a page. */
  void lookedUp(
      QueuedAppend queued, @Nullable Page page, @Nullable Throwable failure, Effects effects) {
    boolean here;
    if (lookingUp == queued) {
      lookingUp = null;
      // Unless it has gone on to another incarnation of the session, which has other pages.
      here = !isRetired() && queue.contains(queued);
    } else {
      here = oldRetries.end(queued, effects);
      if (here) {
        requeue(queued);
      }
    }
    if (here && failure == null) {
      queued.page = page;
    } else if (here) {
      queue.remove(queued);
      refuse(queued, StoreFailures.of(failure), effects);
    }
    advance(effects);
  }

  // ---- Calls go back.

  /** Puts a call back into the queue, behind those that came before it. */
  private void requeue(QueuedAppend queued) {
    ArrayDeque<QueuedAppend> before = new ArrayDeque<>();
    while (!queue.isEmpty() && queue.peek().order < queued.order) {
      before.push(queue.remove());
    }
    queue.addFirst(queued);
    before.forEach(queue::addFirst);
  }

  /** Puts calls back in front of the queue: those given first, then those of the next segment. */
  void decideAgain(List<QueuedAppend> first) {
    List<QueuedAppend> again = new ArrayList<>(first);
    again.addAll(next.reset());
    if (isRetired()) {
      again.addAll(oldRetries.clear());
    }
    stale = false;
    for (int i = again.size() - 1; i >= 0; i--) {
      if (again.get(i).isDone()) {
        outcomes.free(again.get(i));
      } else {
        queue.addFirst(again.get(i));
      }
    }
  }

  /** Takes all calls that wait away, in order. */
  List<QueuedAppend> clear() {
    decideAgain(List.of());
    List<QueuedAppend> waiting = new ArrayList<>(queue);
    queue.clear();
    return waiting;
  }

  TurnedAway turnedAway() {
    return turnedAway;
  }

  /** Withdraws calls from the queue by a function that ends some of them. */
  void withdrawQueued(Consumer<QueuedAppend> withdraw) {
    queue.forEach(withdraw);
    queue.removeIf(QueuedAppend::isDone);
    oldRetries.forEach(withdraw);
    oldRetries.removeDone();
  }

  /** Notes that the segment that forms rests on a call that was withdrawn. */
  void becomeStale() {
    stale = true;
  }

  // ---- Calls end.

  /** Answers calls as they were decided: all that they rest on is durable now. */
  void answer(List<QueuedAppend> calls, long lastSeq, Effects effects) {
    Map<String, Failed> failures = new HashMap<>();
    for (QueuedAppend each : calls) {
      if (each.refusal != null && each.isDone()) {
        outcomes.free(each);
      } else if (each.refusal != null) {
        next.answered(each);
        outcomes.fail(each, each.refusal, effects);
        if (!each.meantForAnother) {
          Failed.note(each, each.refusal, failures);
        }
      } else {
        outcomes.succeed(each, lastSeq, effects);
      }
    }
    shareFailures(failures);
  }

  /** Notes that a write is stored whose callers are being told. */
  void answering(Effects effects) {
    writing = Writing.ANSWERING;
    effects.add(new Effect.Resume());
  }

  /** Goes on when the callers of a write are told. */
  void resume(Effects effects) {
    if (writing == Writing.ANSWERING) {
      writing = Writing.IDLE;
    }
    advance(effects);
  }

  /** Fails a call that waits in the queue no more. */
  private void refuse(QueuedAppend queued, SessionLogException failure, Effects effects) {
    outcomes.fail(queued, failure, effects);
    Map<String, Failed> failures = new HashMap<>();
    Failed.note(queued, failure, failures);
    shareFailures(failures);
  }

  /** Lets those of the same producers that wait behind failed calls fail with them (APP-4). */
  void shareFailures(Map<String, Failed> failures) {
    if (!failures.isEmpty()) {
      // They may have to be decided again, when nothing else tells of the failure any more.
      next.calls().forEach(behind -> behind.shareFailures(failures));
      queue.forEach(behind -> behind.shareFailures(failures));
    }
  }

  /** Fails all calls that wait. */
  void failWaiting(SessionLogException failure, Effects effects) {
    for (QueuedAppend each : clear()) {
      outcomes.fail(each, failure, effects);
    }
  }
}
