package ai.starcite.internal.append;

import ai.starcite.internal.threads.Timer;
import ai.starcite.internal.threads.Waits;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the time-outs of asynchronous appends: at short intervals it has each session that has
 * some fail those that are late. One task serves all sessions, and none runs while nothing is
 * pending. Thread-safe.
 */
public final class AppendTimeouts {
  private static final Logger LOG = LoggerFactory.getLogger(AppendTimeouts.class);
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** A session that has asynchronous calls. */
  public interface Watched {
    /** Fails the calls whose deadline has passed; false if there is none left to watch. */
    boolean expire(long now);
  }

  private final Timer timer;
  private final Waits waits;

  /** Each session once, which the sessions see to. */
  private final Queue<Watched> watched = new ConcurrentLinkedQueue<>();

  private final AtomicBoolean scheduled = new AtomicBoolean();

  /** Time-outs that a timer checks. */
  public AppendTimeouts(Timer timer, Waits waits) {
    this.waits = waits;
    this.timer = timer;
  }

  /** Watches a session until {@link Watched#expire} says that it has nothing more to watch. */
  public void watch(Watched session) {
    watched.add(session);
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
      Watched session = watched.remove();
      boolean more = true;
      try {
        more = session.expire(now);
      } catch (RuntimeException | Error e) {
        // It is checked again: the time-outs of other sessions must not end with it.
        LOG.error("the time-outs of a session could not be checked", e);
      }
      if (more) {
        watched.add(session);
      }
    }
    scheduled.set(false);
    if (!watched.isEmpty()) {
      schedule();
    }
  }
}
