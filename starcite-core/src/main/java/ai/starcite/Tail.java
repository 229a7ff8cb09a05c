package ai.starcite;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * Reads a session from a cursor: first what is there, then what comes, as one operation (clause
 * TAIL-1). Every durable event is delivered once, in order.
 *
 * <p>{@link #hasNext()} waits for the next event. It is false once the tail is complete: sealed, at
 * its bound, or closed by its reader. All other ends throw, and {@link #end()} tells them apart.
 *
 * <p>A tail has one reader at a time; {@link #close()} and {@link #end()} may be called from any
 * thread. Waiting costs no thread but the reader's own, which may be a virtual one.
 */
public interface Tail extends Iterator<Event>, Iterable<Event>, AutoCloseable {

  /**
   * Waits until there is another event.
   *
   * @return false if the tail is complete
   * @throws SessionLogException {@code SESSION_NOT_FOUND} if the session was deleted, {@code
   *     CLOSED} if the log was closed, {@code STORE_UNAVAILABLE} or {@code CORRUPT} if the store
   *     failed, {@code CANCELLED} if the thread was interrupted, whose flag stays set; the tail
   *     goes on after that one
   */
  @Override
  boolean hasNext();

  /**
   * Returns the next event; waits for it.
   *
   * @return the event
   * @throws NoSuchElementException if the tail is complete
   * @throws SessionLogException as {@link #hasNext()}
   */
  @Override
  Event next();

  /**
   * Waits for the next event for a while. The time counts at the end of the log only: events that
   * are there are read from the store however long that takes.
   *
   * @param timeout how long to wait for an event to come; zero takes what is there
   * @return the event, or empty if none came in time or the tail is complete: see {@link #end()}
   * @throws SessionLogException as {@link #hasNext()}
   */
  Optional<Event> poll(Duration timeout);

  /**
   * Waits for a while for one event, then takes what else is there.
   *
   * @param maxEvents how many events to take at the most, at least 1
   * @param timeout how long to wait for the first one
   * @return the events; empty if none came in time or the tail is complete: see {@link #end()}
   * @throws SessionLogException as {@link #hasNext()}
   */
  List<Event> poll(int maxEvents, Duration timeout);

  /**
   * Returns where to resume: the seq of the last event that was handed over, or of a later one that
   * the filter passed over. Never beyond an event that is still to be handed over (clause TAIL-5).
   *
   * @return a cursor of the incarnation that is read, for {@link SessionLog#tail(String, Cursor)}
   */
  Cursor cursor();

  /**
   * Returns how the tail ended.
   *
   * @return empty while it goes on
   */
  Optional<TailEnd> end();

  /**
   * Returns this tail itself, for use in a {@code for} loop.
   *
   * @return this tail; not a new iteration
   */
  @Override
  default Iterator<Event> iterator() {
    return this;
  }

  /** Ends the tail and releases all it holds at once. Wakes its reader. Can be called twice. */
  @Override
  void close();
}
