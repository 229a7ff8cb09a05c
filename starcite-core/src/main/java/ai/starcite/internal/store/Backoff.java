package ai.starcite.internal.store;

import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** The pauses between attempts at a store: exponential, bounded, and jittered. */
public final class Backoff {
  private static final long FIRST_MILLIS = 20;
  private static final long LONGEST_MILLIS = 2_000;
  private static final int MOST_DOUBLINGS = 10;

  private Backoff() {}

  /** Draws the pause after so many repetitions: 20 ms after none, half of it random. */
  public static long nanos(int repetitions, RandomGenerator random) {
    long millis = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(repetitions, MOST_DOUBLINGS));
    return TimeUnit.MILLISECONDS.toNanos(millis / 2 + random.nextLong(millis / 2 + 1));
  }
}
