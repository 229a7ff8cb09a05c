package ai.starcite.internal.commit;

import ai.starcite.internal.append.AppendCall;
import ai.starcite.internal.append.EndedCalls;
import ai.starcite.spi.SegmentStore.Watch;
import ai.starcite.spi.StateCheckpoint;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a writer has decided to do under its lock, to be done when the lock is released. */
public final class Effects {
  /** Ops that have an outcome now. */
  public final EndedCalls done = new EndedCalls();

  /**
   * Ops whose callers were told, but for their futures. Here, so that they need no memory later.
   */
  public final EndedCalls futures = new EndedCalls();

  /** Ops that start over with another writer: that of the session's next life, or a fresh look. */
  public final List<AppendCall> reroute = new ArrayList<>();

  /** Whether there is news for those who wait at the session's head. */
  public boolean wakes;

  /** Whether the pipeline waits for {@link #done} to be delivered. */
  public boolean resume;

  /** A batch to hand to the store. */
  public @Nullable Batch send;

  /**
   * Nanoseconds after which the batch that forms is to be sent; 0 if there is none to wait with.
   */
  public long sendAfterNanos;

  /**
   * Nanoseconds after which to look whether others have taken their turns; 0 if that is not due.
   */
  public long lookAfterNanos;

  /** Whether there are ops to decide, on another thread, since many are waiting. */
  public boolean advanceLater;

  /** A batch that may be stored already, to be looked for. */
  public @Nullable Batch verify;

  /** A batch whose outcome is unknown, to be looked for before it is sent again. */
  public @Nullable Batch glimpse;

  /** A batch whose outcome is unknown, to be handed to the store again after a pause. */
  public @Nullable Batch sendLater;

  /** Ops that need a page, at the seq that each of them wants. */
  public final List<AppendCall> lookUps = new ArrayList<>(0);

  /** Whether to read what others have appended. */
  public boolean refresh;

  public @Nullable StateCheckpoint checkpoint;

  /** Whether to ask the store for hints. */
  public boolean watch;

  /** A watch that is over. */
  public @Nullable Watch endWatch;

  /** Whether the writer has ended, and its log must forget it. */
  public boolean retired;

  /** Whether the writer has ended, but for what is in flight. */
  public boolean lingers;

  /** Whether what was in flight when the writer ended is settled. */
  public boolean settled;

  /** Whether there is nothing to do, as for most ops, which only join what forms. */
  public boolean areNone() {
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
