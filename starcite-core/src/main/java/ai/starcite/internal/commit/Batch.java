package ai.starcite.internal.commit;

import ai.starcite.internal.append.AppendCall;
import ai.starcite.spi.Segment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Ops that were decided together, and the segment that their events form. What was decided without
 * a write rests on the events before it, and is answered with them.
 */
public final class Batch {
  final List<AppendCall> ops = new ArrayList<>();
  final List<PendingEvents.Pending> pending = new ArrayList<>();

  /** The segment, once it is finished; null while it forms, or if there is nothing to write. */
  public @Nullable Segment segment;

  /** The time of the last event, in microseconds. */
  long time;

  /** How often the segment was handed to the store. */
  public int attempts;

  /** Whether the answer of the store to an attempt is sure to be taken when it comes. */
  public volatile boolean awaited;

  /** Whether an attempt ended without an answer, so that the segment may be stored. */
  boolean unsettled;

  long sentAtNanos;
}
