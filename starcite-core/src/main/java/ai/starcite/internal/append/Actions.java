package ai.starcite.internal.append;

import ai.starcite.spi.SegmentStore.Watch;
import ai.starcite.spi.StateCheckpoint;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a writer has decided to do under its lock, to be done when the lock is released. */
final class Actions {
  /** Ops that have an outcome now. */
  final EndedOps done = new EndedOps();

  /**
   * Ops whose callers were told, but for their futures. Here, so that they need no memory later.
   */
  final EndedOps futures = new EndedOps();

  /** Ops that start over with another writer: that of the session's next life, or a fresh look. */
  final List<AppendOp> reroute = new ArrayList<>();

  /** Whether there is news for those who wait at the session's head. */
  boolean wakes;

  /** Whether the pipeline waits for {@link #done} to be delivered. */
  boolean resume;

  /** A batch to hand to the store. */
  @Nullable Batch send;

  /**
   * Nanoseconds after which the batch that forms is to be sent; 0 if there is none to wait with.
   */
  long sendAfterNanos;

  /**
   * Nanoseconds after which to look whether others have taken their turns; 0 if that is not due.
   */
  long lookAfterNanos;

  /** Whether there are ops to decide, on another thread, since many are waiting. */
  boolean advanceLater;

  /** A batch that may be stored already, to be looked for. */
  @Nullable Batch verify;

  /** A batch whose outcome is unknown, to be looked for before it is sent again. */
  @Nullable Batch glimpse;

  /** A batch whose outcome is unknown, to be handed to the store again after a pause. */
  @Nullable Batch sendLater;

  /** Ops that need a page, at the seq that each of them wants. */
  final List<AppendOp> lookUps = new ArrayList<>(0);

  /** Whether to read what others have appended. */
  boolean refresh;

  @Nullable StateCheckpoint checkpoint;

  /** Whether to ask the store for hints. */
  boolean watch;

  /** A watch that is over. */
  @Nullable Watch endWatch;

  /** Whether the writer has ended, and its log must forget it. */
  boolean retired;

  /** Whether the writer has ended, but for what is in flight. */
  boolean lingers;

  /** Whether what was in flight when the writer ended is settled. */
  boolean settled;

  /** Whether there is nothing to do, as for most ops, which only join what forms. */
  boolean areNone() {
    return done.isEmpty()
        && reroute.isEmpty()
        && send == null
        && sendLater == null
        && sendAfterNanos == 0
        && lookAfterNanos == 0
        && verify == null
        && glimpse == null
        && lookUps.isEmpty()
        && checkpoint == null
        && endWatch == null
        && !advanceLater
        && !wakes
        && !watch
        && !resume
        && !refresh
        && !settled
        && !retired;
  }
}
