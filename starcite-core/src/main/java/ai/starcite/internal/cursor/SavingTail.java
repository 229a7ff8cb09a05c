package ai.starcite.internal.cursor;

import ai.starcite.Cursor;
import ai.starcite.CursorStore;
import ai.starcite.Event;
import ai.starcite.ResumableTail;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.Tail;
import ai.starcite.TailEnd;
import ai.starcite.internal.Limits;
import ai.starcite.internal.threads.Waits;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A tail that saves how far its reader has come, about once a second. */
public final class SavingTail implements ResumableTail {
  private static final long INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();
  private static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();

  private final Tail tail;
  private final CursorStore cursors;
  private final ReaderKey key;
  private final Waits waits;

  /**
   * Held by the reader for all of a call, and while the tail is being closed. Guards what follows.
   */
  private final ReentrantLock lock = new ReentrantLock();

  /** Taken from the tail by {@link #hasNext} and not handed over yet. */
  private @Nullable Event ahead;

  /** Whether the reader has events and is not back yet: they are not handled. */
  private boolean handling;

  /** What is handled; while the reader is not {@link #handling}, all up to {@link #position}. */
  private long handled;

  private long saved;
  private long savedNanos;

  /** Whether the last save is made, or being made. */
  private boolean finished;

  private volatile boolean closed;

  /** Saves for a reader how far it comes in a tail that begins where it stands. */
  SavingTail(Tail tail, CursorStore cursors, ReaderKey key, Waits waits) {
    this.tail = tail;
    this.cursors = cursors;
    this.key = key;
    this.waits = waits;
    this.handled = tail.cursor().seq();
    this.saved = handled;
    this.savedNanos = waits.nanoTime();
  }

  @Override
  public boolean hasNext() {
    return reading(this::peek) != null;
  }

  @Override
  public Event next() {
    return reading(
        () -> {
          Event event = peek();
          if (event == null) {
            throw new NoSuchElementException("the tail has ended: " + tail.end());
          }
          return handOver(List.of(event)).get(0);
        });
  }

  @Override
  public Optional<Event> poll(Duration timeout) {
    return poll(1, timeout).stream().findFirst();
  }

  @Override
  public List<Event> poll(int maxEvents, Duration timeout) {
    if (maxEvents < 1) {
      throw Limits.invalid("maxEvents is " + maxEvents + "; it must be at least 1");
    }
    Limits.waitingNanos(timeout);
    return reading(
        () -> handOver(ahead == null ? take(maxEvents, timeout) : takeBehind(ahead, maxEvents)));
  }

  private List<Event> handOver(List<Event> events) {
    ahead = null;
    handling = !events.isEmpty();
    return events;
  }

  private @Nullable Event peek() {
    if (ahead == null) {
      List<Event> taken = take(1, FOREVER);
      ahead = taken.isEmpty() ? null : taken.get(0);
    }
    return ahead;
  }

  /** Takes events, waiting for one for a while, and saves when it is time to. */
  private List<Event> take(int max, Duration timeout) {
    if (waits.nanoTime() - savedNanos >= INTERVAL_NANOS) {
      save();
    }
    List<Event> events = tail.poll(max, Duration.ZERO);
    Duration left = timeout;
    if (events.isEmpty() && position() > saved) {
      long untilSaving = Math.max(0, savedNanos + INTERVAL_NANOS - waits.nanoTime());
      if (left.compareTo(Duration.ofNanos(untilSaving)) > 0) {
        events = tail.poll(max, Duration.ofNanos(untilSaving));
        left = left.minusNanos(untilSaving);
        if (events.isEmpty()) {
          save();
        }
      }
    }
    if (events.isEmpty()) {
      events = tail.poll(max, left);
    }
    if (events.isEmpty() && tail.end().isPresent()) {
      save();
    }
    return events;
  }

  private List<Event> takeBehind(Event first, int max) {
    List<Event> events = new ArrayList<>();
    events.add(first);
    if (max > 1) {
      try {
        events.addAll(tail.poll(max - 1, Duration.ZERO));
      } catch (SessionLogException e) {
        // What cut the tail short, or the interrupt, is met again by the next call. First what came
        // before that is handed over.
        return events;
      }
    }
    return events;
  }

  /** Runs a call of the reader, who is done with what it had. */
  private <T> T reading(Supplier<T> call) {
    if (!lock.tryLock()) {
      if (!closed) {
        throw Limits.invalid("another thread is reading this tail; open a tail for each reader");
      }
      lock.lock();
    }
    try {
      handling = false;
      handled = position();
      return call.get();
    } finally {
      lock.unlock();
    }
  }

  private long position() {
    return ahead == null ? tail.cursor().seq() : ahead.seq() - 1;
  }

  private void save() {
    if (!finished) {
      store();
    }
  }

  private void store() {
    if (!handling) {
      handled = position();
    }
    if (handled > saved) {
      cursors.save(key.sessionId(), key.reader(), at(handled));
      saved = handled;
    }
    savedNanos = waits.nanoTime();
  }

  @Override
  public void commit() {
    reading(
        () -> {
          if (finished) {
            throw new SessionLogException(
                Code.CLOSED, "the tail of " + key + " is closed, and saves nothing; resume again");
          }
          store();
          return saved;
        });
  }

  @Override
  public Cursor cursor() {
    return at(position());
  }

  private Cursor at(long seq) {
    return tail.cursor().incarnation().map(each -> Cursor.of(seq, each)).orElse(Cursor.of(seq));
  }

  @Override
  public Optional<TailEnd> end() {
    return tail.end();
  }

  @Override
  public void close() {
    closed = true;
    tail.close();
    lock.lock();
    try {
      if (!finished) {
        finished = true;
        store();
      }
    } finally {
      lock.unlock();
    }
  }
}
