package ai.starcite.internal.open;

import ai.starcite.SessionLogException;
import ai.starcite.TailEnd;
import ai.starcite.internal.append.AppendCall;
import ai.starcite.internal.commit.Effects;
import ai.starcite.internal.commit.OpeningQueue;
import ai.starcite.internal.commit.QueuedAppend;
import ai.starcite.internal.commit.SessionCommit;
import java.util.function.Predicate;

/** How far a session has come in this process. Guarded by its lock. */
sealed interface Phase {
  /** Whether the session takes no more calls. */
  boolean isRetired();

  /** Takes a call, unless the session is retired. */
  void enqueue(QueuedAppend queued, boolean joined);

  /** Decides what can be decided. */
  void advance(Effects effects);

  /** Notes that a call found no room. */
  void turnedAway(AppendCall call);

  /** Fails calls that have not reached the store; of others it says that the outcome is unknown. */
  void withdraw(Predicate<QueuedAppend> which, String why, Effects effects);

  /** Whether a call stands anywhere here. */
  boolean contains(QueuedAppend queued);

  /** Ends the session; returns what becomes of it. */
  Phase retire(SessionLogException failure, TailEnd tailEnd, Effects effects);

  /** The state of the session is being loaded. */
  record Opening(OpeningQueue queue) implements Phase {
    @Override
    public boolean isRetired() {
      return false;
    }

    @Override
    public void enqueue(QueuedAppend queued, boolean joined) {
      queue.add(queued, joined);
    }

    @Override
    public void advance(Effects effects) {
      // Nothing can be decided before the state is known.
    }

    @Override
    public void turnedAway(AppendCall call) {
      queue.turnedAway(call);
    }

    @Override
    public void withdraw(Predicate<QueuedAppend> which, String why, Effects effects) {
      queue.withdraw(which, why, effects);
    }

    @Override
    public boolean contains(QueuedAppend queued) {
      return queue.contains(queued);
    }

    @Override
    public Phase retire(SessionLogException failure, TailEnd tailEnd, Effects effects) {
      queue.retire(failure, effects);
      return new NeverOpened(failure);
    }
  }

  /** The state was loaded. */
  record Opened(SessionCommit commit) implements Phase {
    @Override
    public boolean isRetired() {
      return commit.isRetired();
    }

    @Override
    public void enqueue(QueuedAppend queued, boolean joined) {
      commit.enqueue(queued);
    }

    @Override
    public void advance(Effects effects) {
      commit.advance(effects);
    }

    @Override
    public void turnedAway(AppendCall call) {
      commit.turnedAway(call);
    }

    @Override
    public void withdraw(Predicate<QueuedAppend> which, String why, Effects effects) {
      commit.withdraw(which, why, effects);
    }

    @Override
    public boolean contains(QueuedAppend queued) {
      return commit.contains(queued);
    }

    @Override
    public Phase retire(SessionLogException failure, TailEnd tailEnd, Effects effects) {
      commit.retirement().retire(failure, tailEnd, effects);
      return this;
    }
  }

  /** The state could not be loaded, or the session was ended before that. */
  record NeverOpened(SessionLogException failure) implements Phase {
    @Override
    public boolean isRetired() {
      return true;
    }

    @Override
    public void enqueue(QueuedAppend queued, boolean joined) {
      throw new IllegalStateException("the session was never opened");
    }

    @Override
    public void advance(Effects effects) {
      // There is nothing to decide.
    }

    @Override
    public void turnedAway(AppendCall call) {
      // The next opening knows nothing of this one.
    }

    @Override
    public void withdraw(Predicate<QueuedAppend> which, String why, Effects effects) {
      // No call is left.
    }

    @Override
    public boolean contains(QueuedAppend queued) {
      return false;
    }

    @Override
    public Phase retire(SessionLogException retired, TailEnd tailEnd, Effects effects) {
      return this;
    }
  }
}
