package ai.starcite.internal.shared;

import ai.starcite.internal.commit.Effects;
import ai.starcite.internal.threads.Waits;
import java.util.concurrent.TimeUnit;

/**
 * Lets other processes have their turns on a shared session. Who has just stored a segment is the
 * first to know where the next one goes, and would be first there again, and again, while others
 * still read what he has stored.
 *
 * <p>So who had to wait for others lets as many segments of theirs pass, after his own, as had
 * passed before it. All do so, and take turns without talking to each other. If nobody takes his
 * turn for about as long as that needs, there is nobody, and the session is his again. Whoever has
 * a session for himself does not notice how others fail to get in, so he pauses after a long row of
 * segments as well, and more seldom if that is in vain.
 *
 * <p>Guarded by the session's writer.
 */
public final class Fairness {
  /** No more segments of others are let pass than this, however many have passed before. */
  private static final int MOST = 16;

  private static final int LONG_ROW = 64;
  private static final int LONGEST_ROW = 256;

  /** Where a write takes less, others get in by chance soon enough. */
  private static final long FAST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private static final long LONGEST_TURN_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Waits waits;

  /** The segments of others that have passed since the last own one, while something waited. */
  private int passed;

  /** How many more are to pass before the next own one. */
  private int toPass;

  /** The own segments since one of others passed, and how many make a long row. */
  private int row;

  private int longRow = LONG_ROW;

  /** When the log grew last, as far as this process knows. */
  private long grewNanos;

  /** How long the last write took: others take about as long. */
  private long writeNanos;

  /** Whether a look is due. */
  private boolean watching;

  public Fairness(Waits waits) {
    this.waits = waits;
  }

  /** A segment was stored, which took so long. */
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

  /** Segments of others were found; true if something waits here. */
  public void passed(int segments, boolean waiting) {
    toPass -= segments;
    passed += waiting ? segments : 0;
    grewNanos = waits.nanoTime();
  }

  /** Whether what waits is to let others pass first; if so, a look at what they do is due. */
  public boolean holds(Effects actions) {
    if (toPass <= 0) {
      return false;
    }
    if (writeNanos < FAST_NANOS || waits.nanoTime() - grewNanos >= 2 * writeNanos) {
      toPass = 0;
      return false;
    }
    if (!watching) {
      watching = true;
      // Who is next looks more often, since all the others wait for him.
      actions.lookAfterNanos = toPass == 1 ? writeNanos / 4 : writeNanos;
    }
    return true;
  }

  /** The look that was due is being taken. */
  public void looked() {
    watching = false;
  }
}
