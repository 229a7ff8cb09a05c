package ai.starcite.testkit.history;

import ai.starcite.AppendResult;
import ai.starcite.SessionLogException.Code;
import java.util.HashMap;
import java.util.Map;

/** The calls of one thread on one log, to one session: decided in the order of the calls. */
final class CallOrder {
  private final Map<RecordedCall.Caller, RecordedAppend> highest = new HashMap<>();
  private final Map<RecordedCall.Caller, Long> floors = new HashMap<>();

  private CallOrder() {}

  /** Checks the appends to one life of a session. */
  static void check(SessionHistory session, Life life, Verdicts verdicts) {
    if (session.lives.size() > 1) {
      return; // A call that met the end of one life comes to the next one by itself.
    }
    Map<RecordedAppend, Long> lowest = new HashMap<>();
    Map<RecordedAppend, Long> highest = new HashMap<>();
    for (Slot slot : life.slots.values()) {
      if (slot.last != null) {
        // Any of the calls from the first to the last may have written it: none before the first
        // has a higher seq, and none after the last a lower one.
        lowest.merge(slot.first, slot.seq, Math::min);
        highest.merge(slot.last, slot.seq, Math::max);
      }
    }
    CallOrder order = new CallOrder();
    for (RecordedAppend append : session.appends) {
      if (lowest.containsKey(append)) {
        order.above(append, lowest.get(append), life);
      }
      if (highest.containsKey(append)) {
        order.raise(append, highest.get(append));
      } else if (!lowest.containsKey(append) && session.lifeOf(append) == life) {
        order.others(append, life, verdicts);
      }
    }
  }

  private void others(RecordedAppend append, Life life, Verdicts verdicts) {
    if (append.succeeded()) {
      for (AppendResult each : append.results()) {
        raise(append, each.seq());
      }
    } else if (append.failedWith(Code.EXPECTED_SEQ_CONFLICT) && !verdicts.mayBeShared(append)) {
      long current = append.failure().currentSeq().orElse(0);
      above(append, current + 1, life);
      raise(append, current);
    }
  }

  private void above(RecordedAppend append, long first, Life life) {
    if (first <= floors.getOrDefault(append.caller, 0L)) {
      throw Contradiction.of(
          "APP-2",
          "calls of one thread on %s were not decided in the order of the calls: what came later was decided earlier"
              .formatted(life),
          highest.get(append.caller),
          append);
    }
  }

  private void raise(RecordedAppend append, long seq) {
    if (seq > floors.getOrDefault(append.caller, 0L)) {
      floors.put(append.caller, seq);
      highest.put(append.caller, append);
    }
  }
}
