package ai.starcite.internal.commit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says how long a segment waits for more events, on a store whose writes are dear. Guarded by the
 * lock of the session.
 */
final class Linger {
  private final CommitContext context;

  /** When the last segment was stored after which lingering pays, or null. */
  private @Nullable Long from;

  /** Whether a pause is under way. */
  private boolean pausing;

  Linger(CommitContext context) {
    this.context = context;
  }

  /**
   * How long a segment of these calls is to wait, in nanoseconds; 0 or less if it is not: a thread
   * waits for one of the calls, or the session was idle.
   */
  long nanos(List<QueuedAppend> calls) {
    // Asked once, since the store may change it at any time; and first, since it mostly is none.
    long linger = context.lingerNanos();
    if (linger == 0 || from == null || !calls.stream().allMatch(each -> each.call().isAsync())) {
      return 0;
    }
    return from + linger - context.waits().nanoTime();
  }

  /** Notes that a pause begins; false if one is under way. */
  boolean pause() {
    boolean first = !pausing;
    pausing = true;
    return first;
  }

  /** Notes that the pause is over. */
  void paused() {
    pausing = false;
  }

  /**
   * Notes that a segment was stored: the next one may wait. Not from when it was sent, since what
   * comes while a segment is written waits for its end anyway, and a shorter linger would save
   * nothing.
   */
  void stored() {
    from = context.waits().nanoTime();
  }

  /** Notes that another process was first: lingering would let it be first again and again. */
  void lost() {
    from = null;
  }
}
