package ai.starcite.testkit;

import ai.starcite.TailOptions;
import ai.starcite.TailStart;

/** The cursors that tails start from. */
final class Cursors {
  private Cursors() {}

  /** The cursor of a tail that starts from one. */
  static long of(TailOptions options) {
    if (options.start() instanceof TailStart.AfterCursor after) {
      return after.seq();
    }
    throw new IllegalArgumentException(
        "a tail from " + options.start() + " has no cursor before it is open");
  }
}
