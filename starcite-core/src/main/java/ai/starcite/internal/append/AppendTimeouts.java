package ai.starcite.internal.append;

import ai.starcite.internal.open.OpenSession;
import ai.starcite.internal.threads.Timer;
import ai.starcite.internal.threads.Waits;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches over asynchronous appends: every now and then it has the writers that have some fail what
 * is late. One task for all, and none while nothing is pending.
 */
public final class AppendTimeouts {
  private static final Logger LOG = LoggerFactory.getLogger(AppendTimeouts.class);
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final Timer timer;
  private final Waits waits;

  /** Each once, which the writers see to. */
  private final Queue<OpenSession> watched = new ConcurrentLinkedQueue<>();

  private final AtomicBoolean scheduled = new AtomicBoolean();

  /** Deadlines that are checked by a timer. */
  public AppendTimeouts(Timer timer, Waits waits) {
    this.waits = waits;
    this.timer = timer;
  }

  /** Watches a writer until {@link OpenSession#expire} says that it has no more to watch. */
  public void watch(OpenSession writer) {
    watched.add(writer);
    schedule();
  }

  private void schedule() {
    if (scheduled.compareAndSet(false, true)) {
      timer.after(TICK_NANOS, this::tick);
    }
  }

  private void tick() {
    long now = waits.nanoTime();
    for (int left = watched.size(); left > 0; left--) {
      OpenSession writer = watched.remove();
      boolean more = true;
      try {
        more = writer.expire(now);
      } catch (RuntimeException | Error e) {
        // It is looked at again: the time-outs of others must not end with it.
        LOG.error("the time-outs of session {} could not be checked", writer.sessionId(), e);
      }
      if (more) {
        watched.add(writer);
      }
    }
    scheduled.set(false);
    if (!watched.isEmpty()) {
      schedule();
    }
  }
}
