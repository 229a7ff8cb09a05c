package ai.starcite.internal.commit;

import java.util.ArrayList;
import java.util.List;

/**
 * Calls that were decided together. What was decided without a write rests on the events before it
 * and is answered with them.
 */
final class Batch {
  final List<QueuedAppend> calls = new ArrayList<>();

  /** The events of producers among those that are written. */
  final List<PendingEvents.Pending> pending = new ArrayList<>();
}
