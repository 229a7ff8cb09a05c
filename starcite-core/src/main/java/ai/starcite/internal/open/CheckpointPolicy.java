package ai.starcite.internal.open;

import ai.starcite.internal.commit.Effects;
import ai.starcite.internal.session.Head;
import ai.starcite.internal.session.SessionState;
import ai.starcite.spi.StateCheckpoint;

/**
 * What keeping a session open costs: the memory of its state is accounted for, and the state is
 * saved from time to time, so that opening it again reads few events. Guarded by its writer.
 */
public final class CheckpointPolicy {
  /**
   * A session is opened by its checkpoint and the events behind it, which are few so. Where the
   * checkpoint itself is large, it is written more seldom.
   */
  private static final int CHECKPOINT_BYTES = 2 << 20;

  /** About how much memory an open session takes beside its producers. */
  private static final int BASE_WEIGHT = 4 << 10;

  private final OpenSessions writers;
  private final Head head;
  private final SessionState state;
  private long weight;
  private long bytesSinceCheckpoint;
  private long checkpointBytes;

  /** Upkeep of a session that was opened by so many bytes of events behind its checkpoint. */
  public CheckpointPolicy(OpenSessions writers, Head head, SessionState state, long replayedBytes) {
    this.writers = writers;
    this.head = head;
    this.state = state;
    this.bytesSinceCheckpoint = replayedBytes;
    account();
  }

  /** Accounts for what the state takes now. */
  public void account() {
    account(BASE_WEIGHT + state.weight());
  }

  /** The state is to be dropped. */
  public void release() {
    account(0);
  }

  private void account(long now) {
    writers.addWeight(now - weight);
    weight = now;
  }

  /** A segment of so many bytes was stored. */
  public void stored(int bytes, Effects actions) {
    account();
    bytesSinceCheckpoint += bytes;
    if (bytesSinceCheckpoint >= CHECKPOINT_BYTES + 8 * checkpointBytes) {
      checkpoint(actions);
    }
  }

  /** The session is closed: who opens it next should find a checkpoint, unless it has little. */
  public void closing(Effects actions) {
    if (bytesSinceCheckpoint > CHECKPOINT_BYTES / 16) {
      checkpoint(actions);
    }
  }

  private void checkpoint(Effects actions) {
    StateCheckpoint checkpoint = state.checkpoint(head.key());
    actions.checkpoint = checkpoint;
    checkpointBytes = checkpoint.bytes().length;
    bytesSinceCheckpoint = 0;
  }
}
