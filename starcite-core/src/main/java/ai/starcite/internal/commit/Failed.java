package ai.starcite.internal.commit;

import ai.starcite.SessionLogException;
import ai.starcite.internal.CoreAccess;
import ai.starcite.internal.append.AppendCall;
import java.util.Map;

/**
 * That events of a producer failed, which those behind them share (clause APP-4).
 *
 * @param first the failure of the first of them
 * @param order the place of the first of them in the order in which ops came
 * @param after the number after the last of them
 */
public record Failed(SessionLogException first, long order, long after) {
  /** Notes the failure of an op with each of its producers. */
  static void note(AppendCall op, SessionLogException failure, Map<String, Failed> failures) {
    for (int i = 0; i < op.producers.length; i++) {
      if (op.producers[i] != null) {
        long after = CoreAccess.access().producerSeq(op.events.get(i)) + 1;
        failures.merge(op.producers[i], new Failed(failure, op.order, after), Failed::and);
      }
    }
  }

  /** Joins the failure of a later event. */
  public Failed and(Failed later) {
    return new Failed(first, order, Math.max(after, later.after));
  }

  /** Whether it is why there is a gap before a number. */
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
