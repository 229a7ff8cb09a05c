package ai.starcite;

import ai.starcite.internal.segment.Content;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The events of a producer that were sent, and whose callers do not know yet whether they are
 * stored: what a retry is recognised by. Bounded: past that, the events that were sent first are
 * forgotten. Not thread-safe.
 */
final class Unanswered {
  /** Twice what one batch may have, so that the last one is always remembered whole. */
  private static final int MOST_EVENTS = 20_000;

  private static final long MOST_BYTES = 16 << 20;

  private final TreeMap<Long, Content> byNumber = new TreeMap<>();
  private final Map<Content, NavigableSet<Long>> byContent = new HashMap<>();
  private long bytes;

  boolean isEmpty() {
    return byNumber.isEmpty();
  }

  boolean has(long number) {
    return byNumber.containsKey(number);
  }

  boolean has(Content content) {
    return byContent.containsKey(content);
  }

  /** Returns the lowest number from a given one on that was sent with a content, or 0. */
  long number(Content content, long from) {
    NavigableSet<Long> numbers = byContent.get(content);
    Long number = numbers == null ? null : numbers.ceiling(from);
    return number == null ? 0 : number;
  }

  /** Adds an event, unless its number is there already. */
  void add(long number, Content content) {
    // First, so that an event which an error cuts short here is added when it is added again.
    byContent.computeIfAbsent(content, key -> new TreeSet<>()).add(number);
    if (byNumber.putIfAbsent(number, content) != null) {
      return;
    }
    bytes += content.event().size();
    while (byNumber.size() > MOST_EVENTS || (bytes > MOST_BYTES && byNumber.size() > 1)) {
      remove(byNumber.firstKey());
    }
  }

  void remove(long number) {
    Content content = byNumber.remove(number);
    if (content != null) {
      bytes -= content.event().size();
      byContent.computeIfPresent(
          content, (key, numbers) -> numbers.remove(number) && numbers.isEmpty() ? null : numbers);
    }
  }

  /** Removes all events from a number on: they are not stored, and never will be. */
  void removeFrom(long number) {
    while (!byNumber.isEmpty() && byNumber.lastKey() >= number) {
      remove(byNumber.lastKey());
    }
  }
}
