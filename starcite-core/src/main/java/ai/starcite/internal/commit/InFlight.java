package ai.starcite.internal.commit;

import ai.starcite.spi.Segment;
import java.util.List;

/**
 * A segment that is being stored, and the calls that end with it. Guarded by the lock of the
 * session, but for what says otherwise.
 */
public final class InFlight {
  private final Batch batch;
  private final Segment segment;

  /** The time of the last event, in microseconds. */
  final long time;

  final long sentAtNanos;
  private int attempts;

  /** Whether the store's answer to the last attempt is sure to be taken when it comes. */
  private volatile boolean awaited;

  /** Whether an attempt ended without an answer, so that the segment may be stored. */
  boolean mayBeStored;

  /** Whether the store is being read for it, before it can be sent again. */
  boolean glimpsed;

  InFlight(Batch batch, Segment segment, long time, long sentAtNanos) {
    this.batch = batch;
    this.segment = segment;
    this.time = time;
    this.sentAtNanos = sentAtNanos;
  }

  List<QueuedAppend> calls() {
    return batch.calls;
  }

  List<PendingEvents.Pending> pending() {
    return batch.pending;
  }

  /** The segment. */
  public Segment segment() {
    return segment;
  }

  /** How often the segment was handed to the store. */
  public int attempts() {
    return attempts;
  }

  /** Notes that the segment is being handed to the store, by the one thread that does so. */
  public void attempt() {
    attempts++;
    awaited = false;
  }

  /** Notes whether the store's answer is sure to be taken. */
  public void await(boolean answered) {
    awaited = answered;
  }

  boolean isAwaited() {
    return awaited;
  }
}
