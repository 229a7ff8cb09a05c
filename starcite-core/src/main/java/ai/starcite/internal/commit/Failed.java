package ai.starcite.internal.commit;

import ai.starcite.SessionLogException;
import java.util.Map;

/**
 * The failure of a producer's events, which its events behind them share (clause APP-4).
 *
 * @param first the failure of the first of them
 * @param order the place of the first of them in the order of calls
 * @param after the number after the last of them
 */
record Failed(SessionLogException first, long order, long after) {
  /** Notes the failure of a call with each of its producers. */
  static void note(QueuedAppend queued, SessionLogException failure, Map<String, Failed> failures) {
    for (int i = 0; i < queued.known.length; i++) {
      String producer = queued.call().producer(i);
      if (producer != null) {
        Failed failed = new Failed(failure, queued.order, queued.call().number(i) + 1);
        failures.merge(producer, failed, Failed::and);
      }
    }
  }

  /** Joins the failure of a later event. */
  Failed and(Failed later) {
    return new Failed(first, order, Math.max(after, later.after));
  }

  /** Whether this is why there is a gap before a number. */
  boolean explainsGapBefore(long number) {
    return number == after;
  }

  /** The failure of an event behind. */
  SessionLogException behind(String producerId) {
    // The first failure of a row, so that messages and causes do not grow with its length.
    SessionLogException root =
        first.getCause() instanceof SessionLogException cause && cause.code() == first.code()
            ? cause
            : first;
    return root.with(
        "an earlier event of producer "
            + producerId
            + " failed, so this one was not tried: "
            + root.getMessage(),
        root);
  }
}
