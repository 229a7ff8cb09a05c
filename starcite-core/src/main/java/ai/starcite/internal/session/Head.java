package ai.starcite.internal.session;

import ai.starcite.SessionLogException;
import ai.starcite.TailEnd;
import ai.starcite.internal.segment.Page;
import ai.starcite.spi.SessionKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The committed end of an open session: where its writer and its tails meet, and all that they
 * share. Only what is durable is published here. Thread-safe.
 */
public final class Head {
  /** So many readers the publishing thread wakes by itself. */
  private static final int FEW = 8;

  private final SessionKey key;
  private final SessionPages pages;
  private final Executor waker;
  private final ReentrantLock lock = new ReentrantLock();
  private final Waiter waiters = new Waiter(() -> {});
  private int waiting;
  private int tails;
  private volatile long nextSeq;
  private volatile @Nullable TailEnd end;
  private volatile @Nullable SessionLogException failure;

  /** The head of a session as it was loaded. */
  public Head(SessionKey key, SessionPages pages, Executor waker, long nextSeq, boolean sealed) {
    this.key = key;
    this.pages = pages;
    this.waker = waker;
    this.nextSeq = nextSeq;
    this.end = sealed ? TailEnd.SEALED : null;
    waiters.next = waiters;
    waiters.previous = waiters;
  }

  /** The session's id and epoch. */
  public SessionKey key() {
    return key;
  }

  /** The session's events. */
  public SessionPages pages() {
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

  /** Publishes a segment that has become durable, as a page if there are tails to read it. */
  public void publish(@Nullable Page page, long newNextSeq, boolean sealed) {
    if (page != null) {
      pages.add(page);
    }
    wake(
        () -> {
          nextSeq = newNextSeq;
          if (sealed && end == null) {
            end = TailEnd.SEALED;
          }
        });
  }

  /** Ends the session for its tails, maybe by a failure. What has ended otherwise stays so. */
  public void end(TailEnd reason, @Nullable SessionLogException cause) {
    wake(
        () -> {
          if (end == null || end == TailEnd.SEALED) {
            failure = cause;
            end = reason;
          }
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
      link(waiter);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Registers a waiter that has something to read, and only wants to know if it is cut short. It
   * may be woken by other news.
   *
   * @return false if it is cut short already
   */
  public boolean awaitCutShort(Waiter waiter) {
    lock.lock();
    try {
      if (cutShort() != null) {
        return false;
      }
      link(waiter);
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void link(Waiter waiter) {
    if (waiter.next == null) {
      Waiter last = waiters.previous;
      waiter.previous = last;
      waiter.next = waiters;
      last.next = waiter;
      waiters.previous = waiter;
      waiting++;
    }
  }

  /** Forgets a waiter, if it still waits. */
  public void cancel(Waiter waiter) {
    lock.lock();
    try {
      unlink(waiter);
    } finally {
      lock.unlock();
    }
  }

  private void unlink(Waiter waiter) {
    if (waiter.next != null) {
      waiter.previous.next = waiter.next;
      waiter.next.previous = waiter.previous;
      waiter.next = null;
      waiter.previous = null;
      waiting--;
    }
  }

  private void wake(Runnable change) {
    List<Waiter> woken;
    lock.lock();
    try {
      change.run();
      if (waiting == 0) {
        return;
      }
      woken = new ArrayList<>(waiting);
      while (waiters.next != waiters) {
        woken.add(waiters.next);
        unlink(waiters.next);
      }
    } finally {
      lock.unlock();
    }
    if (woken.size() <= FEW) {
      woken.forEach(Waiter::wake);
    } else {
      try {
        waker.execute(() -> woken.forEach(Waiter::wake));
      } catch (RejectedExecutionException e) {
        // The log is closing.
        woken.forEach(Waiter::wake);
      }
    }
  }

  /** Someone who waits for news of a session. Waits at one head at a time. */
  public static final class Waiter {
    private final Runnable action;
    private @Nullable Waiter previous;
    private @Nullable Waiter next;

    /** A waiter whose action is quick and runs no user code. */
    public Waiter(Runnable action) {
      this.action = action;
    }

    private void wake() {
      action.run();
    }
  }
}
