package ai.starcite;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What waits for its turn among the appends of a producer, in the order of the calls. Bounded. */
final class ProducerQueue {
  /** Twice what one batch may have. */
  private static final int MOST_EVENTS = 20_000;

  private static final long MOST_BYTES = 16 << 20;

  /** What waits. */
  sealed interface Waiting permits ProducerAppend, Turn {}

  /** A thread that waits to have the lane for itself. */
  static final class Turn implements Waiting {
    final Thread thread = Thread.currentThread();
    volatile boolean isGranted;
  }

  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private int appends;
  private int events;
  private long bytes;

  synchronized void add(Turn turn) {
    waiting.add(turn);
  }

  /** Adds an append; false if there is no room. */
  synchronized boolean add(ProducerAppend append) {
    if (appends > 0
        && (events + append.contents.size() > MOST_EVENTS || bytes + append.bytes > MOST_BYTES)) {
      return false;
    }
    waiting.add(append);
    count(append, 1);
    return true;
  }

  /** Takes something out; false if it is not there any more. */
  synchronized boolean remove(Waiting some) {
    boolean isThere = waiting.remove(some);
    if (isThere && some instanceof ProducerAppend append) {
      count(append, -1);
    }
    return isThere;
  }

  private void count(ProducerAppend append, int sign) {
    appends += sign;
    events += sign * append.contents.size();
    bytes += sign * append.bytes;
  }

  synchronized @Nullable Waiting first() {
    return waiting.peek();
  }

  synchronized boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Whether an append waits that no thread waits for. */
  synchronized boolean hasAppends() {
    return appends > 0;
  }

  /** Returns the asynchronous appends whose time is over. */
  synchronized List<ProducerAppend> late(long now) {
    List<ProducerAppend> late = appends();
    late.removeIf(append -> append.deadline - now > 0);
    return late;
  }

  /** Takes out all asynchronous appends. */
  synchronized List<ProducerAppend> takeAppends() {
    List<ProducerAppend> all = appends();
    all.forEach(this::remove);
    return all;
  }

  /** Takes out an append and those behind it; none if it is not there any more. */
  synchronized List<ProducerAppend> takeFrom(ProducerAppend append) {
    List<ProducerAppend> all = appends();
    int index = all.indexOf(append);
    List<ProducerAppend> taken = index < 0 ? List.of() : all.subList(index, all.size());
    taken.forEach(this::remove);
    return taken;
  }

  private List<ProducerAppend> appends() {
    List<ProducerAppend> all = new ArrayList<>(appends);
    for (Waiting each : waiting) {
      if (each instanceof ProducerAppend append) {
        all.add(append);
      }
    }
    return all;
  }
}
