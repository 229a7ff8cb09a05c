package ai.starcite.testkit;

import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * How often a test repeats what may go wrong in one interleaving of many: so many times, or, where
 * each takes long, until a while has passed. What is rare is found by the next build.
 */
final class Rounds implements Iterable<Integer> {
  private static final int FEWEST = 5;
  private static final Duration ENOUGH = Duration.ofSeconds(1);

  private final int most;

  private Rounds(int most) {
    this.most = most;
  }

  /** Rounds from 0 to less than a number. */
  static Rounds upTo(int most) {
    return new Rounds(most);
  }

  @Override
  public Iterator<Integer> iterator() {
    long end = System.nanoTime() + ENOUGH.toNanos();
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < most && (next < FEWEST || System.nanoTime() < end);
      }

      @Override
      public Integer next() {
        if (next == most) {
          throw new NoSuchElementException();
        }
        return next++;
      }
    };
  }
}
