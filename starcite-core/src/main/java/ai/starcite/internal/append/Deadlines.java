package ai.starcite.internal.append;

import ai.starcite.internal.Waits;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Watches over asynchronous appends: every now and then it has the writers that have some fail what
 * is late. One task for all, and none while nothing is pending.
 */
public final class Deadlines {
  private static final long TICK_MILLIS = 50;

  private final ScheduledExecutorService scheduler;
  private final Waits waits;

  /** Each once, which the writers see to. */
  private final Queue<SessionWriter> watched = new ConcurrentLinkedQueue<>();

  private final AtomicBoolean scheduled = new AtomicBoolean();

  /** Deadlines that are checked on a scheduler. */
  public Deadlines(ScheduledExecutorService scheduler, Waits waits) {
    this.waits = waits;
    this.scheduler = scheduler;
  }

  /** Watches a writer until {@link SessionWriter#expire} says that it has no more to watch. */
  void watch(SessionWriter writer) {
    watched.add(writer);
    schedule();
  }

  private void schedule() {
    if (scheduled.compareAndSet(false, true)) {
      try {
        scheduler.schedule(this::tick, TICK_MILLIS, TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException e) {
        // The log is closing, which fails what is left by itself.
        scheduled.set(false);
      }
    }
  }

  private void tick() {
    long now = waits.nanoTime();
    for (int left = watched.size(); left > 0; left--) {
      SessionWriter writer = watched.remove();
      if (writer.expire(now)) {
        watched.add(writer);
      }
    }
    scheduled.set(false);
    if (!watched.isEmpty()) {
      schedule();
    }
  }
}
