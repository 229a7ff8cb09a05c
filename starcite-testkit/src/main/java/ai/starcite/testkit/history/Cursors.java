package ai.starcite.testkit.history;

import ai.starcite.TailOptions;
import ai.starcite.TailOptions.Start;

/** The cursors that tails start from. */
public final class Cursors {
  private Cursors() {}

  /**
   * Returns the cursor of a tail that starts from one.
   *
   * @param options the options of the tail
   * @return the seq after which it starts
   */
  public static long of(TailOptions options) {
    if (options.start() instanceof Start.After after) {
      return after.seq();
    }
    throw new IllegalArgumentException(
        "a tail from " + options.start() + " has no cursor before it is open");
  }
}
