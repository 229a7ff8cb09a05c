package ai.starcite.examples.support;

import ai.starcite.Event;
import ai.starcite.NewEvent;
import ai.starcite.SessionLog;
import ai.starcite.Tail;
import ai.starcite.TailOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Compares what was acknowledged with what the log has. */
public final class Audit {
  private Audit() {}

  /** Everything that a session has now. */
  public static List<Event> replay(SessionLog log, String sessionId) {
    List<Event> events = new ArrayList<>();
    try (Tail tail = log.tail(sessionId, TailOptions.from(0).withoutFollowing())) {
      tail.forEachRemaining(events::add);
    }
    return events;
  }

  /** How many acknowledged events are not, or not as they were, at the seq they were given. */
  public static long lost(Map<Long, NewEvent> acknowledged, List<Event> stored) {
    Map<Long, Event> bySeq = new HashMap<>();
    stored.forEach(event -> bySeq.put(event.seq(), event));
    return acknowledged.entrySet().stream()
        .filter(each -> !isSame(each.getValue(), bySeq.get(each.getKey())))
        .count();
  }

  private static boolean isSame(NewEvent sent, Event stored) {
    return stored != null
        && stored.type().equals(sent.type())
        && stored.actor().equals(sent.actor())
        && stored.refs().equals(sent.refs())
        && stored.payload().equals(sent.payload());
  }

  /** How many events are stored once more than they should be: their producer pair is taken. */
  public static long duplicated(List<Event> stored) {
    record Pair(String producerId, long producerSeq) {}
    Set<Pair> seen = new HashSet<>();
    return stored.stream()
        .filter(event -> event.producerId().isPresent())
        .map(event -> new Pair(event.producerId().get(), event.producerSeq().getAsLong()))
        .filter(pair -> !seen.add(pair))
        .count();
  }
}
