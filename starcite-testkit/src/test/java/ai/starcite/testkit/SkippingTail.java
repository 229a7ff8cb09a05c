package ai.starcite.testkit;

import ai.starcite.Cursor;
import ai.starcite.Event;
import ai.starcite.Tail;
import ai.starcite.TailEnd;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A tail that leaves the event of seq 2 out. */
final class SkippingTail implements Tail {
  private final Tail tail;

  SkippingTail(Tail tail) {
    this.tail = tail;
  }

  @Override
  public boolean hasNext() {
    return tail.hasNext();
  }

  @Override
  public Event next() {
    Event event = tail.next();
    return event.seq() == 2 && tail.hasNext() ? tail.next() : event;
  }

  @Override
  public Optional<Event> poll(Duration timeout) {
    return tail.poll(timeout).filter(event -> event.seq() != 2);
  }

  @Override
  public List<Event> poll(int maxEvents, Duration timeout) {
    return tail.poll(maxEvents, timeout).stream().filter(event -> event.seq() != 2).toList();
  }

  @Override
  public Cursor cursor() {
    return tail.cursor();
  }

  @Override
  public Optional<TailEnd> end() {
    return tail.end();
  }

  @Override
  public void close() {
    tail.close();
  }
}
