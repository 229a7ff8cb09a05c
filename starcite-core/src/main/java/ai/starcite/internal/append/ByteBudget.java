package ai.starcite.internal.append;

import ai.starcite.internal.threads.Waits;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bounds the bytes that wait to be stored, of a log and of each of its sessions (clause APP-8). One
 * that is larger than the whole bound passes when it is alone, so that nothing waits forever.
 * Waiters are served in order, but those whose session is full do not hold up others. However many
 * wait for one session, only the first of them is looked at. Thread-safe.
 */
public final class ByteBudget {
  private final long most;
  private final Waits waits;
  private final AtomicLong used = new AtomicLong();
  private final ReentrantLock lock = new ReentrantLock();

  /** The first waiter of each share that may have room, by number. */
  private final TreeMap<Long, Waiter> firsts = new TreeMap<>();

  private long numbers;
  private int waiters;

  /** Whether anybody waits. */
  private volatile boolean waiting;

  /** Whether somebody waits whose session has room: he has the next bytes that are free. */
  private volatile boolean crowded;

  /** A budget of so many bytes, of which one session may hold a quarter. */
  public ByteBudget(long most, Waits waits) {
    this.waits = waits;
    this.most = most;
  }

  /** What one session holds of a budget. */
  public static final class Share {
    private final AtomicLong used = new AtomicLong();

    /** Those who wait for a part of it, by number. Guarded by the lock of the budget. */
    private final TreeMap<Long, Waiter> waiters = new TreeMap<>();
  }

  private record Waiter(long number, Thread thread, Share share, long bytes, AtomicLong granted) {}

  /** Takes bytes if they are free and nobody waits for them. */
  public boolean tryAcquire(Share share, long bytes) {
    if (!crowded && take(share, bytes)) {
      return true;
    }
    if (waiting) {
      // What was taken for a moment may have been in the way of one who waits.
      serve(share);
    }
    return false;
  }

  /** Waits for bytes; false if the deadline passed or the thread was interrupted first. */
  public boolean acquire(Share share, long bytes, long deadline) {
    if (tryAcquire(share, bytes)) {
      return true;
    }
    Waiter waiter = enter(share, bytes);
    boolean over = false;
    try {
      serve(share);
      while (waiter.granted.get() == 0) {
        long left = deadline - waits.nanoTime();
        if (left <= 0 || Thread.currentThread().isInterrupted()) {
          break;
        }
        waits.park(this, left);
      }
      over = true;
    } finally {
      leave(waiter);
      if (!over && waiter.granted.get() != 0) {
        // Nobody else would give back what an error has cut off from its caller.
        release(share, bytes);
      } else if (waiter.granted.get() == 0) {
        // Those behind may have waited for this one only.
        serve(share);
      }
    }
    return waiter.granted.get() != 0;
  }

  private Waiter enter(Share share, long bytes) {
    lock.lock();
    try {
      Waiter waiter = new Waiter(++numbers, Thread.currentThread(), share, bytes, new AtomicLong());
      share.waiters.put(waiter.number, waiter);
      waiters++;
      waiting = true;
      return waiter;
    } finally {
      lock.unlock();
    }
  }

  private void leave(Waiter waiter) {
    lock.lock();
    try {
      if (waiter.share.waiters.remove(waiter.number) != null) {
        waiters--;
        firsts.remove(waiter.number);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Gives bytes back. */
  public void release(Share share, long bytes) {
    used.addAndGet(-bytes);
    share.used.addAndGet(-bytes);
    if (waiting) {
      serve(share);
    }
  }

  /** Serves whom there is room for, now that there may be more of a share. */
  private void serve(Share changed) {
    lock.lock();
    try {
      look(changed);
      boolean held = false;
      while (!held && !firsts.isEmpty()) {
        Waiter first = firsts.firstEntry().getValue();
        if (take(first.share, first.bytes)) {
          leave(first);
          look(first.share);
          first.granted.set(1);
          LockSupport.unpark(first.thread);
        } else if (fits(first.share.used.get(), first.bytes, most / 4)) {
          held = true;
        } else {
          // To be looked at again when something of its share is given back.
          firsts.remove(first.number);
        }
      }
      crowded = held;
      waiting = waiters > 0;
    } finally {
      lock.unlock();
    }
  }

  private void look(Share share) {
    if (!share.waiters.isEmpty()) {
      firsts.put(share.waiters.firstKey(), share.waiters.firstEntry().getValue());
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
