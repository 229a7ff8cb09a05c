package ai.starcite.internal.append;

import ai.starcite.internal.Waits;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bounds the bytes that wait to be stored, of a log and of each of its sessions (clause APP-8). One
 * that is larger than the whole bound passes when it is alone, so that nothing waits for ever.
 * Waiters are served in order, but one whose session is full does not hold up others. Thread-safe.
 */
public final class Budget {
  private final long most;
  private final Waits waits;
  private final AtomicLong used = new AtomicLong();
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<Waiter> waiters = new ArrayDeque<>();

  /** Whether anybody waits. */
  private volatile boolean waiting;

  /** Whether somebody waits whose session has room: he has the next bytes that are free. */
  private volatile boolean crowded;

  /** A budget of so many bytes, of which one session may hold a quarter. */
  public Budget(long most, Waits waits) {
    this.waits = waits;
    this.most = most;
  }

  /** What one session holds of a budget. */
  public static final class Share {
    private final AtomicLong used = new AtomicLong();
  }

  private record Waiter(Thread thread, Share share, long bytes, AtomicLong granted) {}

  /** Takes bytes if they are free and nobody waits for them. */
  boolean tryAcquire(Share share, long bytes) {
    if (!crowded && take(share, bytes)) {
      return true;
    }
    if (waiting) {
      // What was taken for a moment may have been in the way of one who waits.
      serve();
    }
    return false;
  }

  /** Waits for bytes; false if the deadline passed or the thread was interrupted first. */
  boolean acquire(Share share, long bytes, long deadline) {
    if (tryAcquire(share, bytes)) {
      return true;
    }
    Waiter waiter = new Waiter(Thread.currentThread(), share, bytes, new AtomicLong());
    lock.lock();
    try {
      waiters.add(waiter);
      waiting = true;
    } finally {
      lock.unlock();
    }
    serve();
    while (waiter.granted.get() == 0) {
      long left = deadline - waits.nanoTime();
      if (left <= 0 || Thread.currentThread().isInterrupted()) {
        lock.lock();
        try {
          waiters.remove(waiter);
        } finally {
          lock.unlock();
        }
        // Those behind may have waited for this one only.
        serve();
        return waiter.granted.get() != 0;
      }
      waits.park(this, left);
    }
    return true;
  }

  /** Gives bytes back. */
  void release(Share share, long bytes) {
    used.addAndGet(-bytes);
    share.used.addAndGet(-bytes);
    if (waiting) {
      serve();
    }
  }

  private void serve() {
    lock.lock();
    try {
      boolean held = false;
      for (Iterator<Waiter> each = waiters.iterator(); each.hasNext() && !held; ) {
        Waiter waiter = each.next();
        if (take(waiter.share, waiter.bytes)) {
          waiter.granted.set(1);
          each.remove();
          LockSupport.unpark(waiter.thread);
        } else {
          held = fits(waiter.share.used.get(), waiter.bytes, most / 4);
        }
      }
      crowded = held;
      waiting = !waiters.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  private boolean take(Share share, long bytes) {
    if (!take(share.used, bytes, most / 4)) {
      return false;
    }
    if (!take(used, bytes, most)) {
      share.used.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  private static boolean take(AtomicLong used, long bytes, long most) {
    while (true) {
      long before = used.get();
      if (!fits(before, bytes, most)) {
        return false;
      }
      if (used.compareAndSet(before, before + bytes)) {
        return true;
      }
    }
  }

  private static boolean fits(long before, long bytes, long most) {
    return before == 0 || before + bytes <= most;
  }
}
