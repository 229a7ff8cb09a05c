package ai.starcite.internal.commit;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.internal.append.AppendCall;

/**
 * Ends the ops of one session: gives them their outcome, keeps count of those that nobody blocks
 * for, and gives back what they took of the budget. Guarded by the session's writer.
 */
public final class CallOutcomes {
  private final String sessionId;
  private final CommitContext context;
  private int asyncOps;

  CallOutcomes(String sessionId, CommitContext context) {
    this.sessionId = sessionId;
    this.context = context;
  }

  /** Whether there are ops that nobody blocks for, whose time-out must be watched. */
  boolean areAwaited() {
    return asyncOps > 0;
  }

  /** Counts an op that the session has now. */
  void expect(AppendCall op) {
    if (op.isAsync()) {
      op.counted = true;
      asyncOps++;
    }
  }

  /** Lets an op go on elsewhere, without an outcome. */
  void letGo(AppendCall op, Effects actions) {
    uncount(op);
    op.writer = null;
    actions.reroute.add(op);
  }

  /** Ends an op well, unless it has ended. Its bytes are free. */
  void succeed(AppendCall op, long lastSeq, Effects actions) {
    if (op.succeed(lastSeq)) {
      int deduped = op.countKnown();
      if (deduped > 0) {
        context.observer().deduped(sessionId, deduped);
      }
      ended(op, actions);
    }
    free(op);
  }

  /** Fails an op, unless it has ended. Its bytes are free. */
  void fail(AppendCall op, SessionLogException failure, Effects actions) {
    failInFlight(op, failure, actions);
    free(op);
  }

  /** Fails an op whose bytes are on their way to the store, and count until that has answered. */
  void failInFlight(AppendCall op, SessionLogException failure, Effects actions) {
    if (op.fail(failure)) {
      if (!op.isWithoutEvents()) {
        context.observer().appendFailed(sessionId, failure.code());
      }
      ended(op, actions);
    }
  }

  /** Gives back what an op took of the budget; it has ended before. */
  void free(AppendCall op) {
    if (op.share != null) {
      context.budget().release(op.share, op.charge);
      op.share = null;
    }
  }

  private void ended(AppendCall op, Effects actions) {
    actions.done.add(op);
    uncount(op);
  }

  private void uncount(AppendCall op) {
    if (op.counted) {
      op.counted = false;
      asyncOps--;
    }
  }

  /** The failure of an append that is withdrawn. */
  public static SessionLogException cancelled(String why) {
    return new SessionLogException(
        Code.CANCELLED,
        "the append " + why + " before it reached the store; this attempt wrote nothing");
  }

  /** The failure of an append that an error stopped before it reached the store. */
  public static SessionLogException unexpected(Throwable error) {
    return new SessionLogException(
        Code.STORE_UNAVAILABLE,
        "the append failed unexpectedly before it reached the store; this attempt wrote nothing;"
            + " see the cause, then retry",
        error);
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

  /**
   * The same failure for the thread that calls, with its own stack trace: it was made on another
   * one, and other callers may have it too.
   */
  public static SessionLogException afresh(SessionLogException failure) {
    return failure.with(failure.getMessage(), failure.getCause());
  }

  /** What an op is told that is given up: unknown if it, or what it repeats, may be stored. */
  static SessionLogException givenUp(AppendCall op, String why, SessionLogException definite) {
    return op.encoded || op.knownPending ? unknown(why) : definite;
  }
}
