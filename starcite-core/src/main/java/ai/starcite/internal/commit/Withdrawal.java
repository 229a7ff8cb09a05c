package ai.starcite.internal.commit;

import ai.starcite.SessionLogException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/** Takes calls back: that are late, cancelled, or whose thread was interrupted. */
final class Withdrawal {
  private final CommitQueue queue;
  private final CallOutcomes outcomes;

  Withdrawal(CommitQueue queue) {
    this.queue = queue;
    this.outcomes = queue.outcomes;
  }

  /** Fails calls that have not reached the store; of others it says that the outcome is unknown. */
  void withdraw(Predicate<QueuedAppend> which, String why, Effects effects) {
    Map<String, Failed> failures = new HashMap<>();
    InFlight write = queue.inFlight();
    if (write != null) {
      for (QueuedAppend each : write.calls()) {
        if (!each.isDone() && which.test(each)) {
          withdrawInFlight(each, why, failures, effects);
        }
      }
    }
    for (QueuedAppend each : queue.next.calls()) {
      if (withdraw(each, which, why, failures, effects)) {
        queue.becomeStale();
      }
    }
    queue.withdrawQueued(each -> withdraw(each, which, why, failures, effects));
    queue.advance(effects);
  }

  private void withdrawInFlight(
      QueuedAppend queued, String why, Map<String, Failed> failures, Effects effects) {
    SessionLogException failure = CallOutcomes.givenUp(queued, why, CallOutcomes.cancelled(why));
    outcomes.failInFlight(queued, failure, effects);
    if (queued.refusal != null && !queued.meantForAnother) {
      // It is not refused any more: what comes after it is decided by itself.
      queue.next.answered(queued);
      Failed.note(queued, failure, failures);
    }
  }

  /** Withdraws a call, or lets it share the failure of one before it; true if either was done. */
  private boolean withdraw(
      QueuedAppend queued,
      Predicate<QueuedAppend> which,
      String why,
      Map<String, Failed> failures,
      Effects effects) {
    if (queued.isDone() || !which.test(queued)) {
      return queued.shareFailures(failures);
    }
    if (queued.repeatsPending) {
      // The event that it repeats goes on.
      outcomes.fail(queued, CallOutcomes.unknown(why), effects);
      return false;
    }
    SessionLogException failure = CallOutcomes.cancelled(why);
    outcomes.fail(queued, failure, effects);
    Failed.note(queued, failure, failures);
    return true;
  }
}
