package ai.starcite.testkit.contract;

import ai.starcite.testkit.history.Tries;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * How often a test repeats what may go wrong in one interleaving of many: so many times, unless the
 * build of a slow store has set an end with {@link Tries#ROUND_SECONDS}.
 */
final class Rounds implements Iterable<Integer> {
  private static final int FEWEST = 5;

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
    long start = System.nanoTime();
    long enough = Tries.roundTime().toNanos();
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < most && (next < FEWEST || System.nanoTime() - start < enough);
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
