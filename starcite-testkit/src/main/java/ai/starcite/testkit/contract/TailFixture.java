package ai.starcite.testkit.contract;

import ai.starcite.Event;
import ai.starcite.NewEvent;
import ai.starcite.Tail;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** What the tests of tails have beside a log. */
abstract class TailFixture extends LogFixture {

  /** A new session with so many events, one batch. */
  protected final String sessionOf(int events) {
    String id = newSession();
    append(id, events);
    return id;
  }

  /** Appends so many events in one batch. */
  protected final void append(String sessionId, int events) {
    List<NewEvent> batch = new ArrayList<>();
    for (int i = 0; i < events; i++) {
      batch.add(event("e" + i));
    }
    log().appendAll(sessionId, batch);
  }

  /** The next events of a tail, which waits for them. */
  protected static List<Event> take(Tail tail, int events) {
    List<Event> taken = new ArrayList<>();
    while (taken.size() < events) {
      taken.add(tail.next());
    }
    return taken;
  }

  /** What a tail delivers until it is complete. */
  protected static List<Event> drain(Tail tail) {
    List<Event> events = new ArrayList<>();
    tail.forEachRemaining(events::add);
    return events;
  }

  /** The seqs of events. */
  protected static List<Long> seqs(List<Event> events) {
    return events.stream().map(Event::seq).toList();
  }

  /** All numbers of a range, both ends included. */
  protected static List<Long> range(long first, long last) {
    return LongStream.rangeClosed(first, last).boxed().toList();
  }
}
