package ai.starcite.internal.commit;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.internal.append.AppendCall;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The calls of a session that is being opened. Guarded by the lock of the session. */
public final class OpeningQueue {
  private record Waiting(QueuedAppend queued, boolean joined) {}

  private final CallOutcomes outcomes;
  private final List<Waiting> waiting = new ArrayList<>();
  private final TurnedAway turnedAway;
  private long added;

  /** An empty queue. */
  public OpeningQueue(CallOutcomes outcomes, int mostProducers) {
    this.outcomes = outcomes;
    this.turnedAway = new TurnedAway(mostProducers);
  }

  /**
   * Takes a call.
   *
   * @param joined whether the session was being opened before, by a look at the store that may be
   *     older than the call: if that finds nothing, the call is worth another look
   */
  public void add(QueuedAppend queued, boolean joined) {
    queued.order = ++added;
    waiting.add(new Waiting(queued, joined));
    outcomes.expect(queued);
  }

  /** Takes all calls, in order. */
  List<QueuedAppend> take() {
    List<QueuedAppend> calls = waiting.stream().map(Waiting::queued).toList();
    waiting.clear();
    return calls;
  }

  /** Whether a call waits here. */
  public boolean contains(QueuedAppend queued) {
    return waiting.stream().anyMatch(each -> each.queued() == queued);
  }

  /** Notes that a call found no room. */
  public void turnedAway(AppendCall call) {
    turnedAway.note(call);
  }

  /** What was turned away for want of room. */
  TurnedAway turnedAway() {
    return turnedAway;
  }

  /** Ends the session, which could not be opened; its calls fail, or look at the store again. */
  public void loadFailed(SessionLogException failure, Effects effects) {
    List<QueuedAppend> again = new ArrayList<>();
    for (Waiting each : waiting) {
      if (each.joined() && failure.code() == Code.SESSION_NOT_FOUND) {
        again.add(outcomes.letGo(each.queued()));
      } else {
        outcomes.fail(each.queued(), failure, effects);
      }
    }
    waiting.clear();
    effects.add(new Effect.Resolved());
    effects.add(again.isEmpty() ? new Effect.Forget() : new Effect.MoveOn(again));
  }

  /** Ends the session in this process, before it was opened. */
  public void retire(SessionLogException failure, Effects effects) {
    waiting.forEach(each -> outcomes.fail(each.queued(), failure, effects));
    waiting.clear();
    effects.add(new Effect.Resolved());
    effects.add(new Effect.Forget());
  }

  /** Withdraws calls, none of which has reached the store. */
  public void withdraw(Predicate<QueuedAppend> which, String why, Effects effects) {
    Map<String, Failed> failures = new HashMap<>();
    for (Waiting each : waiting) {
      QueuedAppend queued = each.queued();
      if (!queued.isDone() && which.test(queued)) {
        SessionLogException failure = CallOutcomes.cancelled(why);
        outcomes.fail(queued, failure, effects);
        Failed.note(queued, failure, failures);
      } else {
        queued.shareFailures(failures);
      }
    }
    waiting.removeIf(each -> each.queued().isDone());
  }
}
