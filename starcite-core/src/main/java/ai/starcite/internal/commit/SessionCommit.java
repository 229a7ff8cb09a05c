package ai.starcite.internal.commit;

import ai.starcite.SessionLogException;
import ai.starcite.internal.append.AppendCall;
import ai.starcite.internal.events.Page;
import ai.starcite.internal.session.Head;
import ai.starcite.internal.session.SessionLoader.Loaded;
import ai.starcite.internal.session.SessionState;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The commits of a session that was opened: the face of this package to those who hold the lock of
 * the session.
 */
public final class SessionCommit {
  private final CommitQueue queue;
  private final Retirement retirement;
  private final StoreAnswers answers;
  private final Withdrawal withdrawal;

  /**
   * Takes over from the queue of the opening.
   *
   * @param mayBeOver whether the session may have been deleted, though this process does not know
   * @param weightChange is told by how many bytes the memory of the session changes
   */
  public SessionCommit(
      CommitContext context,
      CallOutcomes outcomes,
      Loaded loaded,
      OpeningQueue opening,
      BooleanSupplier mayBeOver,
      LongConsumer weightChange) {
    CheckpointPolicy checkpoints =
        new CheckpointPolicy(weightChange, loaded.head(), loaded.state(), loaded.replayedBytes());
    queue =
        new CommitQueue(context, outcomes, loaded, opening.turnedAway(), checkpoints, mayBeOver);
    retirement = new Retirement(queue);
    answers = new StoreAnswers(queue, retirement);
    withdrawal = new Withdrawal(queue);
    opening.take().forEach(queue::enqueue);
  }

  /** The committed end of the session. */
  public Head head() {
    return queue.head;
  }

  /** What the durable events amount to. */
  public SessionState state() {
    return queue.state;
  }

  /** What of the state was lost to damage, or null. */
  public @Nullable SessionLogException damage() {
    return queue.life() instanceof Life.Damaged damaged ? damaged.damage() : null;
  }

  public boolean isRetired() {
    return queue.isRetired();
  }

  /** Whether nothing is in flight. */
  public boolean isResolved() {
    return queue.inFlight() == null;
  }

  public boolean isIdle() {
    return queue.isIdle();
  }

  /** Takes what the store answers. */
  public StoreAnswers answers() {
    return answers;
  }

  /** Ends the session. */
  public Retirement retirement() {
    return retirement;
  }

  /** Takes a call; the caller then has the session {@link #advance}. */
  public void enqueue(QueuedAppend queued) {
    queue.enqueue(queued);
    queue.outcomes.expect(queued);
  }

  /** Decides what can be decided, and starts what is to be done next. */
  public void advance(Effects effects) {
    if (queue.life() instanceof Life.Damaged damaged) {
      retirement.answerDamaged(damaged.damage(), effects);
    } else {
      queue.advance(effects);
    }
  }

  /** Goes on when the callers of a write are told. */
  public void resume(Effects effects) {
    queue.resume(effects);
  }

  /** Goes on after a pause for more events. */
  public void paused(Effects effects) {
    queue.linger.paused();
    queue.advance(effects);
  }

  /** Goes on with a call that needed a page. */
  public void lookedUp(
      QueuedAppend queued, @Nullable Page page, @Nullable Throwable failure, Effects effects) {
    queue.lookedUp(queued, page, failure, effects);
  }

  /** Fails calls that have not reached the store; of others it says that the outcome is unknown. */
  public void withdraw(Predicate<QueuedAppend> which, String why, Effects effects) {
    withdrawal.withdraw(which, why, effects);
  }

  /** Whether a call stands anywhere here. */
  public boolean contains(QueuedAppend queued) {
    return queue.contains(queued);
  }

  /** Notes that a call found no room. */
  public void turnedAway(AppendCall call) {
    queue.turnedAway().note(call);
  }

  /**
   * Ends the session in this process after an error that nobody foresaw.
   *
   * @param neverSent a write that was not handed to the store because of the error, or null
   */
  public void abandon(Throwable error, @Nullable InFlight neverSent, Effects effects) {
    InFlight unsent = effects.withdrawSend();
    retirement.abandon(error, answers.resolving(), unsent == null ? neverSent : unsent, effects);
    answers.givenUp();
  }
}
