package ai.starcite.internal.commit;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;

/**
 * Ends the calls of one session: gives them their outcome, counts the asynchronous ones, and gives
 * back what they took of the budget. Guarded by the lock of the session.
 */
public final class CallOutcomes {
  private final String sessionId;
  private final CommitContext context;
  private int asyncCalls;

  /** The outcomes of a session's calls. */
  public CallOutcomes(String sessionId, CommitContext context) {
    this.sessionId = sessionId;
    this.context = context;
  }

  /** Whether there are asynchronous calls, whose time-outs must be watched. */
  public boolean areAwaited() {
    return asyncCalls > 0;
  }

  /** Counts a call that the session has now. */
  void expect(QueuedAppend queued) {
    if (queued.call().isAsync()) {
      queued.counted = true;
      asyncCalls++;
    }
  }

  /** Lets a call go on elsewhere, without an outcome. */
  QueuedAppend letGo(QueuedAppend queued) {
    uncount(queued);
    queued.call().place(null);
    return queued.again();
  }

  /** Ends a call as decided, unless it has ended. Its bytes are free. */
  void succeed(QueuedAppend queued, long lastSeq, Effects effects) {
    if (queued.succeed(lastSeq)) {
      int deduped = queued.countKnown();
      if (deduped > 0) {
        context.observer().onDeduped(sessionId, deduped);
      }
      ended(queued, effects);
    }
    free(queued);
  }

  /** Fails a call, unless it has ended. Its bytes are free. */
  public void fail(QueuedAppend queued, SessionLogException failure, Effects effects) {
    failInFlight(queued, failure, effects);
    free(queued);
  }

  /** Fails a call whose bytes are on their way to the store, and count until that has answered. */
  void failInFlight(QueuedAppend queued, SessionLogException failure, Effects effects) {
    if (queued.call().fail(failure)) {
      if (!queued.call().isWithoutEvents()) {
        context.observer().onAppendFailed(sessionId, failure.code());
      }
      ended(queued, effects);
    }
  }

  /** Gives back what a call took of the budget; it has ended before. */
  void free(QueuedAppend queued) {
    queued.call().release(context.budget());
  }

  private void ended(QueuedAppend queued, Effects effects) {
    queued.page = null;
    effects.ended().add(queued.call());
    uncount(queued);
  }

  private void uncount(QueuedAppend queued) {
    if (queued.counted) {
      queued.counted = false;
      asyncCalls--;
    }
  }

  /** Ends a call that has no place any more, which only an unexpected error can cause. */
  public void endLost(QueuedAppend queued, String why, Effects effects) {
    fail(queued, unknown(why), effects);
  }

  /** The failure of an append that is withdrawn. */
  public static SessionLogException cancelled(String why) {
    return new SessionLogException(
        Code.CANCELLED,
        "the append " + why + " before it reached the store; this attempt wrote nothing");
  }

  /** The failure of an append that may be stored. */
  static SessionLogException unknown(String why) {
    return new SessionLogException(
        Code.OUTCOME_UNKNOWN,
        "the append "
            + why
            + " while the store was writing it; retry with the same producer pair to find out, or"
            + " read the session if it has none: a retry may store it twice then");
  }

  /** The failure of a call that is given up: unknown if it, or what it repeats, may be stored. */
  static SessionLogException givenUp(
      QueuedAppend queued, String why, SessionLogException definite) {
    return queued.encoded || queued.repeatsPending ? unknown(why) : definite;
  }
}
