package ai.starcite.internal.tail;

import ai.starcite.Cursor;
import ai.starcite.Event;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.Tail;
import ai.starcite.TailEnd;
import ai.starcite.TailOptions;
import ai.starcite.internal.Limits;
import ai.starcite.internal.session.Head;
import ai.starcite.internal.threads.StackRoom;
import ai.starcite.internal.threads.Waits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A tail whose reader waits on its own thread. */
public final class BlockingTail implements Tail {
  private final Head head;
  private final Waits waits;
  private final TailCursor cursor;

  /** Taken from the cursor by {@link #hasNext} and not handed over yet. */
  private volatile @Nullable Event ahead;

  private final AtomicReference<@Nullable Thread> reader = new AtomicReference<>();
  private volatile boolean woken;

  /** A tail of a session which knows of it already. */
  public BlockingTail(
      OpenedTail opened, TailOptions options, Waits waits, Consumer<TailEnd> onEnd) {
    this.waits = waits;
    this.head = opened.head();
    this.cursor = new TailCursor(opened, options, this::wake, onEnd);
  }

  @Override
  public boolean hasNext() {
    return reading(() -> peek(Long.MAX_VALUE)) != null;
  }

  @Override
  public Event next() {
    Event event = reading(() -> take(Long.MAX_VALUE));
    if (event == null) {
      throw new NoSuchElementException("the tail has ended: " + cursor.end());
    }
    return event;
  }

  @Override
  public Optional<Event> poll(Duration timeout) {
    long nanos = Limits.waitingNanos(timeout);
    return Optional.ofNullable(reading(() -> take(nanos)));
  }

  @Override
  public List<Event> poll(int maxEvents, Duration timeout) {
    if (maxEvents < 1) {
      throw Limits.invalid("maxEvents is " + maxEvents + "; it must be at least 1");
    }
    long nanos = Limits.waitingNanos(timeout);
    return reading(
        () -> {
          List<Event> events = new ArrayList<>();
          Event event = take(nanos);
          while (event != null) {
            events.add(event);
            event = events.size() < maxEvents ? cursor.next() : null;
          }
          return events;
        });
  }

  @Override
  public Cursor cursor() {
    Event next = ahead;
    return Cursor.of(next == null ? cursor.cursor() : next.seq() - 1, head.key().incarnation());
  }

  @Override
  public Optional<TailEnd> end() {
    return Optional.ofNullable(cursor.end());
  }

  @Override
  public void close() {
    cursor.close();
  }

  /** Makes a call of the reader, who is alone from its beginning to its end. */
  private <T extends @Nullable Object> T reading(Supplier<T> call) {
    StackRoom.require();
    if (!reader.compareAndSet(null, Thread.currentThread())) {
      throw Limits.invalid("another thread is reading this tail; open a tail for each reader");
    }
    try {
      return call.get();
    } finally {
      reader.set(null);
    }
  }

  /** The next event, waiting for one to come for a while; null if none came or the tail is over. */
  private @Nullable Event peek(long timeoutNanos) {
    return ahead != null ? ahead : await(timeoutNanos);
  }

  /** Hands the next event over. */
  private @Nullable Event take(long timeoutNanos) {
    Event event = peek(timeoutNanos);
    ahead = null;
    return event;
  }

  private @Nullable Event await(long timeoutNanos) {
    long started = 0;
    while (true) {
      woken = false;
      Event event = cursor.next();
      if (event != null) {
        ahead = event;
        return event;
      }
      if (cursor.end() != null) {
        requireComplete();
        return null;
      }
      cursor.await();
      // Time counts only at the head: what is stored is read however long that takes.
      boolean timed = timeoutNanos != Long.MAX_VALUE && !cursor.isReading();
      if (timed && started == 0) {
        started = waits.nanoTime();
      }
      while (!woken) {
        if (Thread.currentThread().isInterrupted()) {
          throw new SessionLogException(
              Code.CANCELLED, "interrupted while waiting for an event; the tail can be read on");
        }
        if (timed) {
          long left = timeoutNanos - (waits.nanoTime() - started);
          if (left <= 0) {
            return null;
          }
          waits.park(this, left);
        } else {
          waits.park(this, Long.MAX_VALUE);
        }
      }
    }
  }

  private void requireComplete() {
    SessionLogException failure = cursor.failure();
    if (failure != null) {
      throw failure;
    }
  }

  private void wake() {
    woken = true;
    LockSupport.unpark(reader.get());
  }
}
