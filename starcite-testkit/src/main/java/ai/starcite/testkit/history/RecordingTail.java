package ai.starcite.testkit.history;

import ai.starcite.Cursor;
import ai.starcite.Event;
import ai.starcite.Tail;
import ai.starcite.TailEnd;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** A tail that notes in a history what it delivers. */
final class RecordingTail implements Tail {
  private final Tail tail;
  private final RecordedTail record;
  private final LongSupplier moments;

  RecordingTail(Tail tail, RecordedTail record, LongSupplier moments) {
    this.tail = tail;
    this.record = record;
    this.moments = moments;
  }

  @Override
  public boolean hasNext() {
    try {
      return tail.hasNext();
    } finally {
      noteEnd();
    }
  }

  @Override
  public Event next() {
    try {
      return noted(tail.next());
    } finally {
      noteEnd();
    }
  }

  @Override
  public Optional<Event> poll(Duration timeout) {
    try {
      return tail.poll(timeout).map(this::noted);
    } finally {
      noteEnd();
    }
  }

  @Override
  public List<Event> poll(int maxEvents, Duration timeout) {
    try {
      List<Event> events = tail.poll(maxEvents, timeout);
      events.forEach(this::noted);
      return events;
    } finally {
      noteEnd();
    }
  }

  private Event noted(Event event) {
    record.see(moments.getAsLong(), event);
    return event;
  }

  private void noteEnd() {
    tail.end().ifPresent(how -> record.end(moments.getAsLong(), how));
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
    noteEnd();
  }
}
