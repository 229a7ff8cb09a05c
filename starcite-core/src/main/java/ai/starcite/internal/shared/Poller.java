package ai.starcite.internal.shared;

import ai.starcite.internal.session.Head;
import ai.starcite.internal.threads.Timer;
import ai.starcite.spi.SegmentStore.Watch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Polls a shared session while it has tails, for what other processes append (clause SHR-3): often
 * while it is active, seldom while it is idle, at once when the store hints. However many sessions
 * are polled, a log polls no more than 500 times a second. Guarded by the lock of the session.
 */
public final class Poller {
  private static final long SHORTEST_MILLIS = 50;
  private static final long LONGEST_MILLIS = 2_000;
  private static final long POLLS_PER_SECOND = 500;

  private final Timer timer;

  /** How many sessions of the log are polled. */
  private final AtomicInteger polled;

  private final Runnable onTick;
  private @Nullable Head head;
  private @Nullable Watch watch;
  private long pauseMillis;

  /**
   * A poller that has not begun.
   *
   * @param polled how many sessions of the log are polled, which this counts
   * @param onTick takes the lock of the session, and reads the store if {@link #continues}
   */
  public Poller(Timer timer, AtomicInteger polled, Runnable onTick) {
    this.timer = timer;
    this.polled = polled;
    this.onTick = onTick;
  }

  /** Begins to poll; false if it has begun before. */
  public boolean start(Head session) {
    if (head != null) {
      return false;
    }
    head = session;
    pauseMillis = SHORTEST_MILLIS;
    polled.incrementAndGet();
    tickLater();
    return true;
  }

  /** Takes the store's watch, which ends with the polling; false if that has ended. */
  public boolean watching(Watch newWatch) {
    if (head == null || watch != null) {
      return false;
    }
    watch = newWatch;
    return true;
  }

  /** Whether it is time to read the store; ends the polling if there are no tails any more. */
  public boolean continues() {
    if (head == null) {
      return false;
    }
    if (!head.hasTails() || head.end() != null) {
      head = null;
      polled.decrementAndGet();
      return false;
    }
    pauseMillis = Math.min(LONGEST_MILLIS, pauseMillis * 3 / 2);
    tickLater();
    return true;
  }

  /** Takes the watch of a polling that has ended, to be closed; null if there is none. */
  public @Nullable Watch endedWatch() {
    Watch ended = head == null ? watch : null;
    if (ended != null) {
      watch = null;
    }
    return ended;
  }

  /** Notes that the session is active. */
  public void active() {
    pauseMillis = SHORTEST_MILLIS;
  }

  private void tickLater() {
    long fair = TimeUnit.SECONDS.toMillis(polled.get()) / POLLS_PER_SECOND;
    timer.after(TimeUnit.MILLISECONDS.toNanos(Math.max(pauseMillis, fair)), onTick);
  }
}
