package ai.starcite.internal.append;

import ai.starcite.internal.session.ProducerTable;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The producers' events that are encoded but not durable yet, in order. */
final class PendingEvents {
  /** An event of a producer, and the op and index where its content stands. */
  record Pending(String producerId, long number, long seq, AppendOp op, int index) {}

  private final Map<String, ArrayDeque<Pending>> runs = new HashMap<>();

  /** The last number of a producer, or 0. */
  long last(String producerId) {
    ArrayDeque<Pending> run = runs.get(producerId);
    return run == null ? 0 : run.getLast().number();
  }

  /** The pending event of a number, or null. */
  @Nullable Pending get(String producerId, long number) {
    ArrayDeque<Pending> run = runs.get(producerId);
    if (run == null || number < run.getFirst().number() || number > run.getLast().number()) {
      return null;
    }
    for (Pending pending : run) {
      if (pending.number() == number) {
        return pending;
      }
    }
    return null;
  }

  /** The number of producers that have a pending event and none in a table. */
  int producersBeyond(ProducerTable table) {
    int beyond = 0;
    for (String producerId : runs.keySet()) {
      if (table.get(producerId) == null) {
        beyond++;
      }
    }
    return beyond;
  }

  void add(Pending pending) {
    runs.computeIfAbsent(pending.producerId(), id -> new ArrayDeque<>()).add(pending);
  }

  /** Takes away the first event of a producer, which is durable now. */
  void removeFirst(String producerId) {
    ArrayDeque<Pending> run = runs.get(producerId);
    run.removeFirst();
    if (run.isEmpty()) {
      runs.remove(producerId);
    }
  }

  void clear() {
    runs.clear();
  }
}
