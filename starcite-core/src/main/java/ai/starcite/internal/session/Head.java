package ai.starcite.internal.session;

import ai.starcite.SessionLogException;
import ai.starcite.TailEnd;
import ai.starcite.internal.events.EventPages;
import ai.starcite.internal.events.Page;
import ai.starcite.spi.SessionKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The committed end of an open session: where its writer and its tails meet, and all that they
 * share. Only what is durable is published here. Thread-safe.
 */
public final class Head {
  private static final Logger LOG = LoggerFactory.getLogger(Head.class);

  /** So many readers the publishing thread wakes by itself. */
  private static final int FEW = 8;

  /** So many segments are kept after a tail was last seen to read on. */
  private static final int KEPT_UNREAD = 256;

  private final SessionKey key;
  private final EventPages pages;
  private final Executor waker;
  private final ReentrantLock lock = new ReentrantLock();
  private final Waiters readers = new Waiters();
  private final Waiters stopped = new Waiters();

  /** Those that there is news for, until somebody wakes them. Guarded by the lock. */
  private List<Waiter> due = new ArrayList<>();

  private int tails;
  private volatile int kept;
  private volatile long nextSeq;
  private volatile @Nullable TailEnd end;
  private volatile @Nullable SessionLogException failure;

  /** The head of a session as it was loaded. */
  public Head(SessionKey key, EventPages pages, Executor waker, long nextSeq, boolean sealed) {
    this.key = key;
    this.pages = pages;
    this.waker = waker;
    this.nextSeq = nextSeq;
    this.end = sealed ? TailEnd.SEALED : null;
  }

  /** The session's id and incarnation. */
  public SessionKey key() {
    return key;
  }

  /** The session's events. */
  public EventPages pages() {
    return pages;
  }

  /** The seq after the last durable event. */
  public long nextSeq() {
    return nextSeq;
  }

  /** How tails end once they are past the last event, or null while more may come. */
  public @Nullable TailEnd end() {
    return end;
  }

  /** Makes a tail known; the session stays open for it. */
  public void addTail() {
    lock.lock();
    try {
      tails++;
    } finally {
      lock.unlock();
    }
  }

  /** Forgets a tail. */
  public void removeTail() {
    lock.lock();
    try {
      tails--;
    } finally {
      lock.unlock();
    }
  }

  /** Whether any tail is open. */
  public boolean hasTails() {
    lock.lock();
    try {
      return tails > 0;
    } finally {
      lock.unlock();
    }
  }

  /** Notes that a tail reads on, so that what comes next is kept for it. */
  public void readOn() {
    if (kept != 0) {
      kept = 0;
    }
  }

  /**
   * Whether a segment is to be kept as a page, for a tail that will read it soon. One that stands
   * still is not worth it: it reads from the store, should it ever go on.
   */
  public boolean keepsPages() {
    // One thread publishes at a time; a count that is lost to a reader's reset does no harm.
    if (!hasTails() || kept >= KEPT_UNREAD) {
      return false;
    }
    kept++;
    return true;
  }

  /**
   * Publishes a segment that has become durable, as a page if {@link #keepsPages}. Those who wait
   * for that are woken by {@link #wake}.
   */
  public void publish(@Nullable Page page, long newNextSeq, boolean sealed) {
    if (page != null) {
      pages.add(page);
    }
    change(
        () -> {
          nextSeq = newNextSeq;
          boolean ends = sealed && end == null;
          if (ends) {
            end = TailEnd.SEALED;
          }
          return ends;
        });
  }

  /**
   * Ends the session for its tails, maybe by a failure. What has ended otherwise stays so. Those
   * who wait for that are woken by {@link #wake}.
   */
  public void end(TailEnd reason, @Nullable SessionLogException cause) {
    change(
        () -> {
          boolean ends = end == null || end == TailEnd.SEALED;
          if (ends) {
            failure = cause;
            end = reason;
          }
          return ends;
        });
  }

  /** What the session failed with, if that is how it ended. */
  public @Nullable SessionLogException failure() {
    return failure;
  }

  /** The end if it is one that cuts tails short, whatever they have still to read; else null. */
  public @Nullable TailEnd cutShort() {
    TailEnd now = end;
    return now == TailEnd.SEALED ? null : now;
  }

  /**
   * Registers a waiter, which is woken once when there is news, unless there is news already.
   *
   * @return false if there is more than the caller has seen
   */
  public boolean await(Waiter waiter, long seenNextSeq) {
    lock.lock();
    try {
      if (nextSeq != seenNextSeq || end != null) {
        return false;
      }
      readers.link(waiter);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Registers a waiter that takes no events for now, and is woken once when the session ends: what
   * is appended beside it costs nothing.
   *
   * @param seenEnd the end that the caller has seen, null if none
   * @return false if the session has ended otherwise than the caller has seen
   */
  public boolean awaitEnd(Waiter waiter, @Nullable TailEnd seenEnd) {
    lock.lock();
    try {
      if (end != seenEnd) {
        return false;
      }
      stopped.link(waiter);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Forgets a waiter, if it still waits. */
  public void cancel(Waiter waiter) {
    lock.lock();
    try {
      waiter.unlink();
    } finally {
      lock.unlock();
    }
  }

  private void change(BooleanSupplier change) {
    lock.lock();
    try {
      boolean ended = change.getAsBoolean();
      readers.drainTo(due);
      if (ended) {
        stopped.drainTo(due);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Wakes those that there is news for. Not under a lock: a reader whose executor runs tasks at
   * once takes the news, and may call the log, before this returns.
   */
  public void wake() {
    List<Waiter> woken;
    lock.lock();
    try {
      if (due.isEmpty()) {
        return;
      }
      woken = due;
      due = new ArrayList<>();
    } finally {
      lock.unlock();
    }
    if (woken.size() <= FEW) {
      woken.forEach(Waiter::wake);
    } else {
      waker.execute(() -> woken.forEach(Waiter::wake));
    }
  }

  /** Those who wait for the same kind of news, in a ring. Guarded by the lock of the head. */
  private static final class Waiters {
    private final Waiter ring = new Waiter(() -> {});

    Waiters() {
      ring.next = ring;
      ring.previous = ring;
    }

    void link(Waiter waiter) {
      waiter.unlink();
      Waiter last = ring.previous;
      waiter.previous = last;
      waiter.next = ring;
      last.next = waiter;
      ring.previous = waiter;
    }

    void drainTo(List<Waiter> drained) {
      while (ring.next != ring) {
        drained.add(ring.next);
        ring.next.unlink();
      }
    }
  }

  /** Someone who waits for news of a session: at one head, for one kind of news at a time. */
  public static final class Waiter {
    private final Runnable action;
    private @Nullable Waiter previous;
    private @Nullable Waiter next;

    /** A waiter whose action is quick, and runs no user code but on an executor. */
    public Waiter(Runnable action) {
      this.action = action;
    }

    private void wake() {
      try {
        action.run();
      } catch (RuntimeException | Error e) {
        LOG.error("a reader could not be woken", e);
      }
    }

    private void unlink() {
      if (next != null) {
        previous.next = next;
        next.previous = previous;
        next = null;
        previous = null;
      }
    }
  }
}
