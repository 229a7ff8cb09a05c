package ai.starcite.internal.commit;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.TailEnd;
import ai.starcite.internal.commit.Life.Retired;
import ai.starcite.spi.StateCheckpoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ends a session in this process, and its calls with it. */
public final class Retirement {
  private final CommitQueue queue;
  private final CallOutcomes outcomes;

  Retirement(CommitQueue queue) {
    this.queue = queue;
    this.outcomes = queue.outcomes;
  }

  /**
   * Ends the session: what waits fails with the failure, and tails end. What is in flight ends with
   * the store's answer, unless the log is closing: then its outcome is unknown.
   */
  public void retire(SessionLogException failure, TailEnd tailEnd, Effects effects) {
    retire(failure, tailEnd, false, effects);
  }

  /**
   * Ends an incarnation of the session that was deleted. What waits may have come after that, for
   * the id's next incarnation, which it goes on to.
   */
  public void incarnationEnded(SessionLogException failure, Effects effects) {
    retire(failure, TailEnd.DELETED, true, effects);
  }

  private void retire(
      SessionLogException failure, TailEnd tailEnd, boolean movesOn, Effects effects) {
    if (failure.code() == Code.CLOSED) {
      if (queue.life() instanceof Life.Live) {
        saveCheckpoint(effects);
      }
      giveUpWrite("was cut short: the log was closed", failure, effects);
      queue.become(new Retired(failure, false));
    } else if (!queue.isRetired()) {
      queue.become(new Retired(failure, movesOn));
    }
    leave(true, effects);
    queue.head.end(tailEnd, tailEnd == TailEnd.FAILED ? failure : null);
    effects.wakeReaders();
    queue.head.pages().clear();
    queue.checkpoints.release();
  }

  /** Closes the session, in which nothing is going on. */
  public void retireIdle(Effects effects) {
    boolean live = queue.life() instanceof Life.Live;
    queue.become(
        new Retired(
            new SessionLogException(Code.CLOSED, "session " + queue.sessionId + " is not open"),
            false));
    effects.add(new Effect.Forget());
    queue.head.pages().clear();
    queue.checkpoints.release();
    if (live) {
      saveCheckpoint(effects);
    }
  }

  private void saveCheckpoint(Effects effects) {
    StateCheckpoint checkpoint = queue.checkpoints.closing();
    if (checkpoint != null) {
      effects.add(new Effect.Checkpoint(checkpoint));
    }
  }

  /** Ends the calls of a damaged session: it can be read, but nobody knows who has appended. */
  void answerDamaged(SessionLogException damage, Effects effects) {
    boolean failed = false;
    for (QueuedAppend each : queue.clear()) {
      if (each.call().isWithoutEvents() && !each.call().seals()) {
        outcomes.succeed(each, queue.state.nextSeq() - 1, effects);
      } else {
        outcomes.fail(each, damage, effects);
        failed = true;
      }
    }
    if (failed && !queue.head.hasTails()) {
      // The next call looks again: the store may have been mended, or the damage was in transit.
      retireIdle(effects);
    }
  }

  /** Ends what was never sent, of a session that is retired, or hands it on. */
  void leave(Effects effects) {
    leave(false, effects);
  }

  private void leave(boolean forget, Effects effects) {
    Retired retired = (Retired) queue.life();
    if (queue.inFlight() == null) {
      effects.add(new Effect.Resolved());
    } else if (forget) {
      effects.add(new Effect.Outlive());
    }
    List<QueuedAppend> moved = List.of();
    if (retired.movesOn()) {
      moved = queue.clear().stream().map(outcomes::letGo).toList();
      queue.turnedAway().clear();
    } else {
      queue.failWaiting(retired.failure(), effects);
    }
    if (!moved.isEmpty()) {
      effects.add(new Effect.MoveOn(moved));
    } else if (forget) {
      effects.add(new Effect.Forget());
    }
  }

  /** If the session has ended, ends with it what was sent to it and is certainly not stored. */
  boolean leaveIfRetired(List<QueuedAppend> notStored, Effects effects) {
    if (!(queue.life() instanceof Retired retired)) {
      return false;
    }
    notStored.forEach(each -> outcomes.fail(each, retired.failure(), effects));
    leave(effects);
    return true;
  }

  /**
   * Ends the session in this process after an error that nobody foresaw. A write that the store is
   * working on goes on: until its answer is there, the session is not opened again.
   *
   * @param broken the write whose outcome was being dealt with when the error struck, or null
   * @param neverSent a write that was not handed to the store, or null
   */
  void abandon(
      Throwable error, @Nullable InFlight broken, @Nullable InFlight neverSent, Effects effects) {
    SessionLogException failure = unexpected(queue.sessionId, error);
    String why = "was cut short by an unexpected error";
    InFlight write = queue.inFlight();
    if (broken != null) {
      queue.notLanded(broken);
      giveUpWrite(why, failure, effects);
    } else if (write != null && write == neverSent && write.attempts() == 0) {
      for (QueuedAppend each : write.calls()) {
        outcomes.fail(each, failure, effects);
      }
      queue.landed();
    } else if (write != null && write != neverSent && isAnswerCertain(write)) {
      failRepeats(why, effects);
    } else {
      giveUpWrite(why, failure, effects);
    }
    retire(failure, TailEnd.FAILED, effects);
  }

  /** The failure of a session that has ended by an error that nobody foresaw. */
  public static SessionLogException unexpected(String sessionId, Throwable error) {
    return new SessionLogException(
        Code.STORE_UNAVAILABLE,
        "session " + sessionId + " failed unexpectedly and is opened again by the next call",
        error);
  }

  /** Either the store has the write, or a thread is about to hand it over. */
  private static boolean isAnswerCertain(InFlight write) {
    return write.isAwaited() || write.attempts() == 0;
  }

  private void giveUpWrite(String why, SessionLogException failure, Effects effects) {
    InFlight write = queue.inFlight();
    if (write != null) {
      for (QueuedAppend each : write.calls()) {
        outcomes.fail(each, CallOutcomes.givenUp(each, why, failure), effects);
      }
      failRepeats(why, effects);
      queue.landed();
    }
  }

  /** Fails the calls that repeat what is on its way to the store. */
  private void failRepeats(String why, Effects effects) {
    for (QueuedAppend each : queue.next.calls()) {
      if (each.repeatsPending) {
        outcomes.fail(each, CallOutcomes.unknown(why), effects);
      }
    }
  }
}
