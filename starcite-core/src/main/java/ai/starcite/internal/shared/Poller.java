package ai.starcite.internal.shared;

import ai.starcite.internal.commit.CommitContext;
import ai.starcite.internal.commit.Effects;
import ai.starcite.internal.session.Head;
import ai.starcite.spi.SegmentStore.Watch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a shared session now and then while it has tails, for what other processes append
 * (clause SHR-3): often while it is active, seldom while it is idle, at once when the store hints.
 * However many sessions are polled, a log looks no more than 500 times a second. Guarded by the
 * writer's lock.
 */
public final class Poller {
  private static final long SHORTEST_MILLIS = 50;
  private static final long LONGEST_MILLIS = 2_000;
  private static final long LOOKS_PER_SECOND = 500;

  private final CommitContext context;
  private final Runnable onTick;
  private @Nullable Head head;
  private @Nullable Watch watch;
  private long pauseMillis;

  /**
   * A poll that has not begun.
   *
   * @param onTick takes the writer's lock and looks if {@link #continues}
   */
  public Poller(CommitContext context, Runnable onTick) {
    this.context = context;
    this.onTick = onTick;
  }

  /** Begins to poll, if the store is shared and that has not begun; true if it has begun now. */
  public boolean start(Head polled) {
    if (!context.shared() || head != null) {
      return false;
    }
    head = polled;
    pauseMillis = SHORTEST_MILLIS;
    context.polls().incrementAndGet();
    tickLater();
    return true;
  }

  /** Takes the store's watch, which ends with the poll. */
  public void watching(Watch newWatch, Effects actions) {
    if (head == null || watch != null) {
      actions.endWatch = newWatch;
    } else {
      watch = newWatch;
    }
  }

  /** Whether it is time to look; ends the poll if nobody wants to know any more. */
  public boolean continues(Effects actions) {
    if (head == null) {
      return false;
    }
    if (!head.hasTails() || head.end() != null) {
      stop();
      actions.endWatch = watch;
      watch = null;
      return false;
    }
    pauseMillis = Math.min(LONGEST_MILLIS, pauseMillis * 3 / 2);
    tickLater();
    return true;
  }

  /** Notes that the session is active. */
  public void active() {
    pauseMillis = SHORTEST_MILLIS;
  }

  private void tickLater() {
    long fair = TimeUnit.SECONDS.toMillis(context.polls().get()) / LOOKS_PER_SECOND;
    context.timer().after(TimeUnit.MILLISECONDS.toNanos(Math.max(pauseMillis, fair)), onTick);
  }

  private void stop() {
    head = null;
    context.polls().decrementAndGet();
  }
}
