package ai.starcite.internal.commit;

import ai.starcite.internal.append.AppendCall;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Ops that only repeat stored events which are so old that they have to be looked for in the log.
 * They write nothing, so that others need not wait for them, but for new events of the same
 * producers, which may have to fail with them. A few are looked for at once. Guarded by the
 * session's writer.
 */
final class OldRetries {
  /** How many lookups of a session are under way at once, so that other readers get on. */
  private static final int MOST = 4;

  private final Set<AppendCall> parked = new LinkedHashSet<>();

  /** Those whose lookup has not begun. */
  private final ArrayDeque<AppendCall> waiting = new ArrayDeque<>();

  /** How many parked ops have events of a producer. */
  private final Map<String, Integer> producers = new HashMap<>();

  private int underWay;

  boolean isEmpty() {
    return parked.isEmpty();
  }

  boolean contains(AppendCall op) {
    return parked.contains(op);
  }

  /** Whether an op has an event of a producer of which another one is looked for. */
  boolean concern(AppendCall op) {
    if (parked.isEmpty()) {
      return false;
    }
    for (String producer : op.producers) {
      if (producer != null && producers.containsKey(producer)) {
        return true;
      }
    }
    return false;
  }

  /** Sets an op aside until the page that it wants is there. */
  void park(AppendCall op, Effects actions) {
    // However many are parked, only those whose lookup has just ended have a page.
    op.page = null;
    parked.add(op);
    op.producersOnce().forEach(producer -> producers.merge(producer, 1, Integer::sum));
    waiting.add(op);
    begin(actions);
  }

  private void begin(Effects actions) {
    while (underWay < MOST && !waiting.isEmpty()) {
      underWay++;
      actions.lookUps.add(waiting.remove());
    }
  }

  /** Ends a lookup; true if its op is still here, and now is not any more. */
  boolean end(AppendCall op, Effects actions) {
    underWay--;
    begin(actions);
    return remove(op);
  }

  private boolean remove(AppendCall op) {
    if (!parked.remove(op)) {
      return false;
    }
    op.producersOnce()
        .forEach(producer -> producers.computeIfPresent(producer, (p, n) -> n == 1 ? null : n - 1));
    return true;
  }

  void forEach(Consumer<AppendCall> action) {
    parked.forEach(action);
  }

  /** Lets go of the ops that have ended. */
  void removeDone() {
    for (AppendCall op : new ArrayList<>(parked)) {
      if (op.isDone()) {
        remove(op);
        waiting.remove(op);
      }
    }
  }

  /** Takes all ops away, in order. */
  List<AppendCall> clear() {
    List<AppendCall> ops = new ArrayList<>(parked);
    parked.clear();
    waiting.clear();
    producers.clear();
    return ops;
  }
}
