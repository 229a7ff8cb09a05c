package ai.starcite.internal.append;

import ai.starcite.internal.session.Head;
import ai.starcite.spi.SegmentStore.Watch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a shared session now and then while it has tails, for what other processes append
 * (clause SHR-3): often while it is active, seldom while it is idle, at once when the store hints.
 * However many sessions are polled, a log looks no more than 500 times a second. Guarded by the
 * writer's lock.
 */
final class SharedPoll {
  private static final long SHORTEST_MILLIS = 50;
  private static final long LONGEST_MILLIS = 2_000;
  private static final long LOOKS_PER_SECOND = 500;

  private final WriterContext context;
  private final Runnable onHint;
  private final Runnable onTick;
  private @Nullable Head head;
  private @Nullable Watch watch;
  private long pauseMillis;

  /**
   * A poll that has not begun.
   *
   * @param onHint looks at the store
   * @param onTick takes the writer's lock and looks if {@link #continues}
   */
  SharedPoll(WriterContext context, Runnable onHint, Runnable onTick) {
    this.context = context;
    this.onHint = onHint;
    this.onTick = onTick;
  }

  /** Begins to poll, if the store is shared and that has not begun. */
  void start(Head polled) {
    if (!context.shared() || head != null) {
      return;
    }
    head = polled;
    pauseMillis = SHORTEST_MILLIS;
    context.polls().incrementAndGet();
    watch = context.store().watch(polled.key(), onHint);
    tickLater();
  }

  /** Whether it is time to look; ends the poll if nobody wants to know any more. */
  boolean continues() {
    if (head == null) {
      return false;
    }
    if (!head.hasTails() || head.end() != null) {
      stop();
      return false;
    }
    pauseMillis = Math.min(LONGEST_MILLIS, pauseMillis * 3 / 2);
    tickLater();
    return true;
  }

  /** Notes that the session is active. */
  void active() {
    pauseMillis = SHORTEST_MILLIS;
  }

  private void tickLater() {
    long fair = TimeUnit.SECONDS.toMillis(context.polls().get()) / LOOKS_PER_SECOND;
    try {
      context.scheduler().schedule(onTick, Math.max(pauseMillis, fair), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      // The log is closing.
      stop();
    }
  }

  private void stop() {
    watch.close();
    watch = null;
    head = null;
    context.polls().decrementAndGet();
  }
}
