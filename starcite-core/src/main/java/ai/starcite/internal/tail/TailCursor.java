package ai.starcite.internal.tail;

import ai.starcite.Event;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.TailEnd;
import ai.starcite.TailOptions;
import ai.starcite.internal.events.Page;
import ai.starcite.internal.segment.EventFilter;
import ai.starcite.internal.session.Head;
import ai.starcite.internal.store.StoreFailures;
import java.lang.ref.WeakReference;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The pull engine under every face of a tail. It takes one page after the other, wherever the page
 * comes from: there is no hand-off from history to live, and so no seam.
 *
 * <p>One reader at a time; {@link #end} and {@link #cursor} can be read by any thread. It never
 * waits: {@link #next} gives null where there is nothing yet, and {@link #await} says when to ask
 * again.
 */
final class TailCursor {
  private static final WeakReference<Page> NO_PAGE = new WeakReference<>(null);

  private final Head head;
  private final EventFilter filter;
  private final long bound;
  private long left;
  private final Head.Waiter waiter;
  private final Runnable wake;
  private final Consumer<TailEnd> onEnd;

  /**
   * The page that was read last. The cache keeps it alive, not the tail: one that stands still in
   * the middle of it, perhaps for good, holds no memory but its own.
   */
  private WeakReference<Page> page = NO_PAGE;

  /** The page that was asked for, while it is not there. */
  private @Nullable CompletableFuture<Page> loading;

  /** The read whose end wakes the reader already. */
  private @Nullable CompletableFuture<Page> awaited;

  /**
   * How many pages in a row came from the store: from the second one on, the next is fetched too.
   */
  private int pagesLoaded;

  /** How the session had ended when the reader last found that the tail goes on. */
  private @Nullable TailEnd seenEnd;

  private volatile long scanned;
  private final AtomicReference<@Nullable Ending> ending = new AtomicReference<>();

  private record Ending(TailEnd reason, @Nullable SessionLogException failure) {}

  /**
   * A cursor in a session.
   *
   * @param opened the session, and where to start
   * @param wake what {@link #await} has called: quick, and no user code
   * @param onEnd is told once how the tail ended
   */
  TailCursor(OpenedTail opened, TailOptions options, Runnable wake, Consumer<TailEnd> onEnd) {
    this.head = opened.head();
    this.filter = new EventFilter(options.actors(), options.types(), options.producers());
    this.scanned = opened.cursor();
    this.bound = options.follow() ? Long.MAX_VALUE : head.nextSeq() - 1;
    this.left = options.limit().orElse(Long.MAX_VALUE);
    this.wake = wake;
    this.onEnd = onEnd;
    this.waiter = new Head.Waiter(wake);
  }

  /** The last seq that was handed over or passed over. */
  long cursor() {
    return scanned;
  }

  /** How the tail ended, or null. */
  @Nullable TailEnd end() {
    adoptCutShort();
    Ending ended = ending.get();
    return ended == null ? null : ended.reason();
  }

  /** Why the tail ended, if it did so for no reason of the reader's, before it was complete. */
  @Nullable SessionLogException failure() {
    Ending ended = ending.get();
    if (ended == null) {
      return null;
    }
    return switch (ended.reason()) {
      case DELETED ->
          new SessionLogException(
              Code.SESSION_NOT_FOUND, "session " + head.key().id() + " was deleted");
      case LOG_CLOSED -> new SessionLogException(Code.CLOSED, "the log was closed");
      default -> ended.failure();
    };
  }

  /** Whether an event that exists is being read from the store. */
  boolean isReading() {
    return loading != null;
  }

  /** The next event, or null if there is none yet or the tail has ended. */
  @Nullable Event next() {
    while (ending.get() == null) {
      // The end is read first: what was sealed together with its last event ends behind that.
      TailEnd headEnd = head.end();
      long committed = head.nextSeq();
      if (isOver(headEnd, committed)) {
        return null;
      }
      long from = scanned + 1;
      if (from >= committed) {
        head.readOn();
        page = NO_PAGE;
        return null;
      }
      Page current = page(from);
      if (current == null) {
        return null;
      }
      long to = Math.min(Math.min(current.nextSeq(), committed), boundEnd());
      try {
        long match = current.firstMatch(from, to, filter);
        if (match < to) {
          Event event = current.event(match);
          left--;
          scanned = match;
          return event;
        }
        scanned = to - 1;
      } catch (SessionLogException e) {
        finish(TailEnd.FAILED, e);
      }
    }
    return null;
  }

  /** Ends the tail if there is nothing more to hand over, and there never will be. */
  private boolean isOver(@Nullable TailEnd headEnd, long committed) {
    seenEnd = headEnd;
    if (adoptCutShort()) {
      return true;
    }
    if (scanned + 1 >= committed && headEnd != null) {
      finish(headEnd, null);
    } else if (left == 0 || scanned >= bound) {
      finish(TailEnd.BOUND, null);
    }
    return ending.get() != null;
  }

  /** Ends the tail if there is nothing more to hand over; for a reader that takes none for now. */
  @Nullable TailEnd endIfOver() {
    TailEnd headEnd = head.end();
    isOver(headEnd, head.nextSeq());
    return end();
  }

  /** Ends the tail if its session was deleted, closed or given up, whatever is still to be read. */
  private boolean adoptCutShort() {
    TailEnd cutShort = head.cutShort();
    if (cutShort != null) {
      finish(cutShort, head.failure());
    }
    return cutShort != null;
  }

  private long boundEnd() {
    return bound == Long.MAX_VALUE ? bound : bound + 1;
  }

  private @Nullable Page page(long seq) {
    Page current = page.get();
    if (current != null && current.contains(seq)) {
      return current;
    }
    head.readOn();
    if (loading != null) {
      if (!loading.isDone()) {
        return null;
      }
      current = loaded(loading);
      loading = null;
      awaited = null;
    } else {
      current = null;
    }
    if (ending.get() == null && (current == null || !current.contains(seq))) {
      current = head.pages().cached(seq);
      if (current == null) {
        pagesLoaded++;
        CompletableFuture<Page> read = head.pages().load(seq);
        if (!read.isDone()) {
          loading = read;
          page = NO_PAGE;
          return null;
        }
        current = loaded(read);
      }
    }
    page = current == null ? NO_PAGE : new WeakReference<>(current);
    if (current != null && pagesLoaded > 1 && current.nextSeq() < head.nextSeq()) {
      // Read on while the reader works through this page.
      head.pages().load(current.nextSeq());
    }
    return current;
  }

  private @Nullable Page loaded(CompletableFuture<Page> read) {
    try {
      return read.join();
    } catch (CompletionException e) {
      if (adoptCutShort()) {
        return null;
      }
      SessionLogException cause = StoreFailures.of(e);
      boolean deleted = cause.code() == Code.SESSION_NOT_FOUND;
      finish(deleted ? TailEnd.DELETED : TailEnd.FAILED, cause);
      return null;
    }
  }

  /** Has {@code wake} called when {@link #next} is worth another try; maybe at once. */
  void await() {
    CompletableFuture<Page> read = loading;
    if (read != null) {
      if (read != awaited) {
        awaited = read;
        read.whenComplete((done, failed) -> wake.run());
      }
      if (read.isDone()) {
        wake.run();
      } else {
        awaitEnd();
      }
    } else if (!head.await(waiter, scanned + 1)) {
      wake.run();
    }
    wakeIfEnded();
  }

  /** Has {@code wake} called when the session ends, for a reader that takes no events for now. */
  void awaitEnd() {
    // What has ended since is news; and a sealed session can still be deleted.
    if (!head.awaitEnd(waiter, seenEnd)) {
      wake.run();
    }
    wakeIfEnded();
  }

  private void wakeIfEnded() {
    if (ending.get() != null) {
      // Closed by another thread, perhaps before the waiter was there to be cancelled.
      head.cancel(waiter);
      wake.run();
    }
  }

  /** Ends the tail since its reader closed it. */
  void close() {
    endBy(TailEnd.CLOSED, null);
    wake.run();
  }

  /** Ends the tail, unless it has ended. */
  void endBy(TailEnd reason, @Nullable SessionLogException cause) {
    adoptCutShort();
    finish(reason, cause);
  }

  private void finish(TailEnd reason, @Nullable SessionLogException cause) {
    if (ending.compareAndSet(null, new Ending(reason, cause))) {
      head.cancel(waiter);
      head.removeTail();
      onEnd.accept(reason);
    }
  }
}
