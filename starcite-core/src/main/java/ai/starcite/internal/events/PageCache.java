package ai.starcite.internal.events;

import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bounds the memory of the pages that tails share, for all sessions of a log together. Pages that
 * were used since they were last looked at get a second chance (the clock algorithm). Thread-safe.
 */
public final class PageCache {
  private final long maxBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<Entry> clock = new ArrayDeque<>();
  private long bytes;

  /** A cache of about so many bytes. */
  public PageCache(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  void add(Entry entry) {
    lock.lock();
    try {
      clock.add(entry);
      bytes += entry.page.weight();
      while (bytes > maxBytes && !clock.isEmpty()) {
        Entry oldest = clock.remove();
        // The reader that the new page is for is still to come.
        boolean isNew = oldest == entry && !clock.isEmpty();
        if ((oldest.used && !oldest.dropped) || isNew) {
          oldest.used = false;
          clock.add(oldest);
        } else {
          bytes -= oldest.page.weight();
          oldest.drop();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** A page in the cache. */
  static final class Entry {
    final Page page;
    private final EventPages owner;
    volatile boolean used;

    /** Set when the owner let go of the page, so that the clock need not come round twice. */
    volatile boolean dropped;

    Entry(Page page, EventPages owner) {
      this.page = page;
      this.owner = owner;
    }

    private void drop() {
      owner.evict(this);
    }
  }
}
