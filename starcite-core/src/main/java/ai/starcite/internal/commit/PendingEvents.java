package ai.starcite.internal.commit;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The producers' events that are encoded but not durable yet, in order. */
final class PendingEvents {
  /** An event of a producer, and the call and index where its content stands. */
  record Pending(String producerId, long number, long seq, QueuedAppend call, int index) {}

  /** The pending events of one producer, at least one, whose first ever may be among them. */
  static final class Run {
    private final ArrayDeque<Pending> events = new ArrayDeque<>();
    private boolean isNew;

    /** The last number. */
    long last() {
      return events.getLast().number();
    }

    /** The event of a number, or null. */
    @Nullable Pending get(long number) {
      if (number > last() || number < events.getFirst().number()) {
        return null;
      }
      for (Pending pending : events) {
        if (pending.number() == number) {
          return pending;
        }
      }
      return null;
    }
  }

  private final Map<String, Run> runs = new HashMap<>();
  private int newProducers;

  /** What is pending of a producer, or null. */
  @Nullable Run run(String producerId) {
    return runs.get(producerId);
  }

  /** The number of producers that have no durable event yet. */
  int newProducers() {
    return newProducers;
  }

  /** Adds an event; {@code isNew} says that its producer has no durable one. */
  void add(Pending pending, boolean isNew) {
    Run run = runs.get(pending.producerId());
    if (run == null) {
      run = new Run();
      run.isNew = isNew;
      newProducers += isNew ? 1 : 0;
      runs.put(pending.producerId(), run);
    }
    run.events.add(pending);
  }

  /** Takes away the first event of a producer, which is durable now. */
  void removeFirst(String producerId) {
    Run run = Objects.requireNonNull(runs.get(producerId), "the run of a pending event");
    run.events.removeFirst();
    newProducers -= run.isNew ? 1 : 0;
    run.isNew = false;
    if (run.events.isEmpty()) {
      runs.remove(producerId);
    }
  }

  void clear() {
    runs.clear();
    newProducers = 0;
  }
}
