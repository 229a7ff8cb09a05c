package ai.starcite.examples.gateway.tails;

import ai.starcite.Event;
import ai.starcite.TailSubscription;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Sends the events of a tail to a client, in frames. One frame is on its way at a time, and the
 * events that arrive until then make the next one. Once that is full, nothing more is requested
 * from the tail: a slow client costs two frames of memory, no thread, and slows down no other.
 */
abstract class TailFeed implements Flow.Subscriber<Event> {
  /** A frame of this size takes no more events. */
  private static final long FULL_BYTES = 1 << 20;

  private final int batchSize;

  private List<Event> pending = new ArrayList<>();
  private long pendingBytes;
  private Flow.@Nullable Subscription subscription;
  private boolean asked;
  private boolean sending;
  private boolean ended;
  private boolean closed;
  private @Nullable Throwable failure;

  TailFeed(int batchSize) {
    this.batchSize = batchSize;
  }

  /**
   * Sends a frame.
   *
   * @return whether it is sent; if not, {@link #sent} is called when it is
   */
  abstract boolean send(List<Event> events);

  /** Ends the connection after the last event, or since the tail has failed. */
  abstract void finish(@Nullable Throwable cause);

  @Override
  public final void onSubscribe(Flow.Subscription newSubscription) {
    synchronized (this) {
      subscription = newSubscription;
      asked = !closed;
      if (closed) {
        newSubscription.cancel();
        return;
      }
    }
    newSubscription.request(1);
  }

  @Override
  public final void onNext(Event event) {
    synchronized (this) {
      asked = false;
      pending.add(event);
      pendingBytes += event.size();
    }
    pump();
  }

  @Override
  public final void onComplete() {
    end(null);
  }

  @Override
  public final void onError(Throwable cause) {
    end(cause);
  }

  private void end(@Nullable Throwable cause) {
    synchronized (this) {
      ended = true;
      failure = cause;
    }
    pump();
  }

  /** The frame that was on its way has been sent. */
  final void sent() {
    synchronized (this) {
      sending = false;
    }
    pump();
  }

  /** Sends nothing more: the connection is gone, or another reason to end it has come. */
  final void close() {
    Flow.Subscription open;
    synchronized (this) {
      closed = true;
      pending = new ArrayList<>();
      open = subscription;
    }
    if (open != null) {
      open.cancel();
    }
  }

  final synchronized boolean isClosed() {
    return closed;
  }

  /**
   * How far all that was handed over has been sent, if nothing is on its way. The caller then
   * sends, and calls {@link #sent} afterwards.
   *
   * @return the cursor, or -1 if this is not the moment
   */
  final synchronized long takeTurn() {
    if (subscription == null || sending || ended || closed || !pending.isEmpty()) {
      return -1;
    }
    long cursor = cursor();
    sending = cursor >= 0;
    return cursor;
  }

  /** How far the tail has come. */
  final synchronized long cursor() {
    return subscription instanceof TailSubscription tail ? tail.cursor().seq() : -1;
  }

  private void pump() {
    while (true) {
      List<Event> frame = null;
      boolean last = false;
      Flow.Subscription more = null;
      Throwable cause;
      synchronized (this) {
        if (closed) {
          return;
        }
        if (!sending && !pending.isEmpty()) {
          frame = pending;
          pending = new ArrayList<>();
          pendingBytes = 0;
          sending = true;
        } else if (!sending && ended) {
          closed = true;
          last = true;
        }
        if (!asked && !ended && pending.size() < batchSize && pendingBytes < FULL_BYTES) {
          asked = true;
          more = subscription;
        }
        cause = failure;
      }
      if (more != null) {
        more.request(1);
      }
      if (last) {
        finish(cause);
        return;
      }
      if (frame == null || !send(frame)) {
        return;
      }
      synchronized (this) {
        sending = false;
      }
    }
  }
}
