package ai.starcite.internal.commit;

import ai.starcite.internal.append.AppendCall;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How long a batch waits so that more events share its segment, on a store whose writes are dear.
 * Guarded by the session's writer.
 */
final class Linger {
  private final CommitContext context;

  /** When the last segment was stored after which it is worth to linger, or null. */
  private @Nullable Long from;

  /** Whether a batch waits already. */
  private boolean pausing;

  Linger(CommitContext context) {
    this.context = context;
  }

  /** Whether a batch of these ops, which is complete so far, is to wait; if so, it is woken. */
  boolean holds(List<AppendCall> ops, Effects actions) {
    long pause = pause(ops);
    if (pause <= 0) {
      return false;
    }
    actions.sendAfterNanos = pausing ? 0 : pause;
    pausing = true;
    return true;
  }

  /** Not at all if a thread waits for one of the ops, or if the session was idle. */
  private long pause(List<AppendCall> ops) {
    // Asked once, since the store may change it at any time; and first, since it mostly is none.
    long linger = context.lingerNanos();
    if (linger == 0 || from == null || !ops.stream().allMatch(AppendCall::isAsync)) {
      return 0;
    }
    return from + linger - context.waits().nanoTime();
  }

  /**
   * A segment was stored: the next one may wait. Not from when it was sent, since what comes while
   * a segment is written waits for its end anyway, and a linger shorter than that would save
   * nothing.
   */
  void stored() {
    from = context.waits().nanoTime();
  }

  /** Another process was first: who loses does not linger, lest he lose again and again. */
  void lost() {
    from = null;
  }

  /** A pause is over. */
  void paused() {
    pausing = false;
  }
}
