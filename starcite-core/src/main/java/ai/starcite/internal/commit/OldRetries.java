package ai.starcite.internal.commit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Calls that only repeat stored events which are so old that they have to be looked for in the log.
 * They write nothing, so that others need not wait for them, except for new events of the same
 * producers, which may have to fail with them. A few lookups run at once. Guarded by the lock of
 * the session.
 */
final class OldRetries {
  /** How many lookups of a session are under way at once, so that other readers get on. */
  private static final int MOST = 4;

  private final Set<QueuedAppend> parked = new LinkedHashSet<>();

  /** Those whose lookup has not begun. */
  private final ArrayDeque<QueuedAppend> waiting = new ArrayDeque<>();

  /** How many parked calls have events of a producer. */
  private final Map<String, Integer> producers = new HashMap<>();

  private int underWay;

  boolean isEmpty() {
    return parked.isEmpty();
  }

  boolean contains(QueuedAppend queued) {
    return parked.contains(queued);
  }

  /** Whether a call has an event of a producer of which another one is looked for. */
  boolean concern(QueuedAppend queued) {
    if (parked.isEmpty()) {
      return false;
    }
    for (int i = 0; i < queued.known.length; i++) {
      String producer = queued.call().producer(i);
      if (producer != null && producers.containsKey(producer)) {
        return true;
      }
    }
    return false;
  }

  /** Sets a call aside until the page that it wants is there. */
  void park(QueuedAppend queued, Effects effects) {
    // However many are parked, only those whose lookup has just ended have a page.
    queued.page = null;
    parked.add(queued);
    queued.producersOnce().forEach(producer -> producers.merge(producer, 1, Integer::sum));
    waiting.add(queued);
    begin(effects);
  }

  private void begin(Effects effects) {
    while (underWay < MOST && !waiting.isEmpty()) {
      underWay++;
      effects.add(new Effect.LookUp(waiting.remove()));
    }
  }

  /** Ends a lookup; true if its call was still here. */
  boolean end(QueuedAppend queued, Effects effects) {
    underWay--;
    begin(effects);
    return remove(queued);
  }

  private boolean remove(QueuedAppend queued) {
    if (!parked.remove(queued)) {
      return false;
    }
    queued
        .producersOnce()
        .forEach(producer -> producers.computeIfPresent(producer, (p, n) -> n == 1 ? null : n - 1));
    return true;
  }

  void forEach(Consumer<QueuedAppend> action) {
    parked.forEach(action);
  }

  /** Lets go of the calls that have ended. */
  void removeDone() {
    for (QueuedAppend queued : new ArrayList<>(parked)) {
      if (queued.isDone()) {
        remove(queued);
        waiting.remove(queued);
      }
    }
  }

  /** Takes all calls away, in order. */
  List<QueuedAppend> clear() {
    List<QueuedAppend> calls = new ArrayList<>(parked);
    parked.clear();
    waiting.clear();
    producers.clear();
    return calls;
  }
}
