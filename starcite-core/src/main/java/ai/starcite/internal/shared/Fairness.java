package ai.starcite.internal.shared;

import ai.starcite.internal.threads.Waits;
import java.util.concurrent.TimeUnit;

/**
 * Shares a session fairly between the processes that append to it. The process that has just stored
 * a segment is the first to know where the next one goes. It would be first there again and again,
 * while the others still read what it has stored.
 *
 * <p>Therefore a process that had to wait for N foreign segments lets up to N more pass after its
 * own. All processes do so, and alternate without talking to each other. If no other process uses
 * its opportunity for about as long as a write takes, there is none, and this one goes on. A
 * process that has a session to itself cannot notice that others fail to get in, so it also pauses
 * after a long row of segments, and less often if that was in vain.
 *
 * <p>Guarded by the lock of the session.
 */
public final class Fairness {
  /** The most foreign segments to let pass, however many have passed before. */
  private static final int MOST = 16;

  private static final int LONG_ROW = 64;
  private static final int LONGEST_ROW = 256;

  /** Where a write takes less, other processes get in by chance soon enough. */
  private static final long FAST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private static final long LONGEST_TURN_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Waits waits;

  /** The foreign segments since the last own one, while something waited here. */
  private int passed;

  /** How many more foreign segments are to pass before the next own one. */
  private int toPass;

  /** The own segments since the last foreign one, and how many make a long row. */
  private int row;

  private int longRow = LONG_ROW;

  /** When the log grew last, as far as this process knows. */
  private long grewNanos;

  /** How long the last write took: others take about as long. */
  private long writeNanos;

  /** Whether a check is due. */
  private boolean checking;

  public Fairness(Waits waits) {
    this.waits = waits;
  }

  /** Notes that a segment was stored, and how long that took. */
  public void stored(long tookNanos) {
    if (passed > 0) {
      row = 0;
      longRow = LONG_ROW;
    } else if (++row == longRow) {
      row = 0;
      longRow = Math.min(2 * longRow, LONGEST_ROW);
      passed = 1;
    }
    toPass = Math.min(passed, MOST);
    passed = 0;
    writeNanos = Math.min(tookNanos, LONGEST_TURN_NANOS);
    grewNanos = waits.nanoTime();
  }

  /** Notes that foreign segments were found, and whether something waits here. */
  public void passed(int segments, boolean waiting) {
    toPass -= segments;
    passed += waiting ? segments : 0;
    grewNanos = waits.nanoTime();
  }

  /**
   * Whether what waits here lets others pass first; until {@link #checkAfterNanos} says, and then
   * the store is to be read.
   */
  public boolean holds() {
    if (toPass <= 0) {
      return false;
    }
    if (writeNanos < FAST_NANOS || waits.nanoTime() - grewNanos >= 2 * writeNanos) {
      toPass = 0;
      return false;
    }
    return true;
  }

  /** When to check whether others have passed: the nanoseconds, or 0 if a check is due already. */
  public long checkAfterNanos() {
    if (checking) {
      return 0;
    }
    checking = true;
    // The next in line checks more often, since all others wait for it.
    return toPass == 1 ? writeNanos / 4 : writeNanos;
  }

  /** The check that was due is being made. */
  public void checked() {
    checking = false;
  }
}
