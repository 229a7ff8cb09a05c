package ai.starcite.internal.store;

import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** The pauses between attempts at a store: exponential, bounded, and jittered. */
public final class Backoff {
  private static final long FIRST_MILLIS = 20;
  private static final long LONGEST_MILLIS = 2_000;
  private static final int MOST_DOUBLINGS = 10;

  private Backoff() {}

  /** Draws the pause after so many attempts, at least one: half of it is random. */
  public static long nanos(int attempts, RandomGenerator random) {
    long millis = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(attempts, MOST_DOUBLINGS));
    return TimeUnit.MILLISECONDS.toNanos(millis / 2 + random.nextLong(millis / 2 + 1));
  }
}
