package ai.starcite.internal.commit;

import ai.starcite.internal.session.Head;
import ai.starcite.internal.session.SessionState;
import ai.starcite.spi.StateCheckpoint;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Accounts for the memory of an open session, and says when its state is to be saved, so that
 * opening it again reads few events. Guarded by the lock of the session.
 */
final class CheckpointPolicy {
  /**
   * A session is opened by its checkpoint and the events behind it, which are few so. A large
   * checkpoint is written less often.
   */
  private static final int CHECKPOINT_BYTES = 2 << 20;

  /** The approximate memory of an open session beside its producers. */
  private static final int BASE_WEIGHT = 4 << 10;

  private final LongConsumer weightChange;
  private final Head head;
  private final SessionState state;
  private long weight;
  private long bytesSinceCheckpoint;
  private long checkpointBytes;

  /**
   * The policy of a session that was opened.
   *
   * @param weightChange is told by how many bytes the memory of the session changes
   * @param replayedBytes the bytes of the events behind the checkpoint
   */
  CheckpointPolicy(LongConsumer weightChange, Head head, SessionState state, long replayedBytes) {
    this.weightChange = weightChange;
    this.head = head;
    this.state = state;
    this.bytesSinceCheckpoint = replayedBytes;
    account();
  }

  /** Accounts for what the state takes now. */
  void account() {
    account(BASE_WEIGHT + state.weight());
  }

  /** Notes that the state is dropped. */
  void release() {
    account(0);
  }

  private void account(long now) {
    weightChange.accept(now - weight);
    weight = now;
  }

  /** Notes that a segment was stored; returns the checkpoint to save, or null. */
  @Nullable StateCheckpoint stored(int bytes) {
    account();
    bytesSinceCheckpoint += bytes;
    return bytesSinceCheckpoint >= CHECKPOINT_BYTES + 8 * checkpointBytes ? checkpoint() : null;
  }

  /** The checkpoint to save when the session is closed, or null if there is little behind it. */
  @Nullable StateCheckpoint closing() {
    return bytesSinceCheckpoint > CHECKPOINT_BYTES / 16 ? checkpoint() : null;
  }

  private StateCheckpoint checkpoint() {
    StateCheckpoint checkpoint = state.checkpoint(head.key());
    checkpointBytes = checkpoint.bytes().length;
    bytesSinceCheckpoint = 0;
    return checkpoint;
  }
}
