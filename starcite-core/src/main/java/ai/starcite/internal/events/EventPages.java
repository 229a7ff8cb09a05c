package ai.starcite.internal.events;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.internal.store.StoreFailures;
import ai.starcite.spi.ReadOutcome;
import ai.starcite.spi.SegmentStore;
import ai.starcite.spi.SessionKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events of one life of a session, as pages: from the cache, or else from the store. Readers
 * that want the same page at the same time read it once. Thread-safe.
 */
public final class EventPages {
  private static final Logger LOG = LoggerFactory.getLogger(EventPages.class);

  /** How much is read at once: large enough to replay fast, small enough to hold a few. */
  private static final int PAGE_BYTES = 256 << 10;

  /** How much is read for one old event. */
  private static final int PROBE_BYTES = 64 << 10;

  /** How many reads of one session are under way at once; others wait. */
  private static final int READS = 4;

  /** Is told of every read. */
  public interface ReadListener {
    /** The store has returned a page. */
    void pageRead(String sessionId, long bytes, Duration took);
  }

  private final SessionKey key;
  private final SegmentStore store;
  private final PageCache cache;
  private final ReadListener listener;
  private final ConcurrentSkipListMap<Long, PageCache.Entry> entries =
      new ConcurrentSkipListMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Long, CompletableFuture<Page>> reads = new HashMap<>();

  /** What is to be read when one of these reads is done, unless its page answers it, by seq. */
  private final TreeMap<Long, CompletableFuture<Page>> waiting = new TreeMap<>();

  /** The pages of a session in a store. */
  public EventPages(SessionKey key, SegmentStore store, PageCache cache, ReadListener listener) {
    this.key = key;
    this.store = store;
    this.cache = cache;
    this.listener = listener;
  }

  /** The page that holds a seq, if it is in memory. */
  public @Nullable Page cached(long seq) {
    Map.Entry<Long, PageCache.Entry> floor = entries.floorEntry(seq);
    if (floor == null || !floor.getValue().page.contains(seq)) {
      return null;
    }
    floor.getValue().used = true;
    return floor.getValue().page;
  }

  /**
   * The page that holds a seq, which must exist.
   *
   * @return fails with the exception for the caller: {@code SESSION_NOT_FOUND}, {@code CORRUPT},
   *     {@code STORE_UNAVAILABLE}
   */
  public CompletableFuture<Page> load(long seq) {
    CompletableFuture<Page> read;
    lock.lock();
    try {
      Page page = cached(seq);
      if (page != null) {
        return CompletableFuture.completedFuture(page);
      }
      CompletableFuture<Page> same = reads.getOrDefault(seq, waiting.get(seq));
      if (same != null) {
        return same;
      }
      read = new CompletableFuture<>();
      if (reads.size() >= READS) {
        waiting.put(seq, read);
        return read;
      }
      reads.put(seq, read);
    } finally {
      lock.unlock();
    }
    readFrom(seq);
    return read;
  }

  /** Reads, and then what waits; in a loop where the store answers at once. */
  private void readFrom(long first) {
    for (OptionalLong next = OptionalLong.of(first); next.isPresent(); ) {
      long seq = next.getAsLong();
      long started = System.nanoTime();
      CompletableFuture<Page> fetched = fetch(store, key, seq, wantedBytes(seq));
      if (!fetched.isDone()) {
        fetched.whenComplete(
            (page, failure) -> finish(seq, page, failure, started).ifPresent(this::readFrom));
        return;
      }
      next =
          finish(
              seq,
              fetched.isCompletedExceptionally() ? null : fetched.join(),
              fetched.handle((page, failure) -> failure).join(),
              started);
    }
  }

  /**
   * Ends a read, and answers with its page all that wait for it, which may be dropped before they
   * could look for it again.
   *
   * @return where to read next, if anything waits
   */
  private OptionalLong finish(
      long seq, @Nullable Page page, @Nullable Throwable failure, long started) {
    if (page != null) {
      try {
        listener.pageRead(key.id(), page.bytes(), Duration.ofNanos(System.nanoTime() - started));
        add(page);
      } catch (RuntimeException | Error e) {
        // Those who wait have it all the same; it is only not kept.
        LOG.warn("a page of session {} could not be cached", key.id(), e);
      }
    }
    List<CompletableFuture<Page>> served = new ArrayList<>();
    OptionalLong next = OptionalLong.empty();
    lock.lock();
    try {
      served.add(reads.remove(seq));
      if (page != null) {
        Map<Long, CompletableFuture<Page>> here = waiting.subMap(page.firstSeq(), page.nextSeq());
        served.addAll(here.values());
        here.clear();
      }
      if (!waiting.isEmpty()) {
        // Upwards and round again, so that every reader has its turn.
        Long higher = waiting.higherKey(seq);
        long nextSeq = higher == null ? waiting.firstKey() : higher;
        reads.put(nextSeq, waiting.remove(nextSeq));
        next = OptionalLong.of(nextSeq);
      }
    } finally {
      lock.unlock();
    }
    if (page != null) {
      served.forEach(each -> each.complete(page));
    } else {
      served.get(0).completeExceptionally(StoreFailures.of(failure));
    }
    return next;
  }

  /**
   * How much to read from a seq on: about up to the next page that is in memory, so that tails that
   * come to a long session at many places, all at once, do not read the same over and over.
   */
  private int wantedBytes(long seq) {
    Map.Entry<Long, PageCache.Entry> next = entries.higherEntry(seq);
    if (next == null) {
      return PAGE_BYTES;
    }
    Page page = next.getValue().page;
    long eventBytes = 1 + page.bytes() / (page.nextSeq() - page.firstSeq());
    return (int) Math.min(PAGE_BYTES, eventBytes * (next.getKey() - seq));
  }

  /** A few segments from the one on that holds a seq, which must exist; past all caches. */
  public CompletableFuture<Page> probe(long seq) {
    return fetch(store, key, seq, PROBE_BYTES);
  }

  /** The one segment that holds a seq, which must exist; past all caches. */
  public CompletableFuture<Page> segment(long seq) {
    return fetch(store, key, seq, 1);
  }

  /** Reads and checks a page, past all caches. */
  public static CompletableFuture<Page> fetch(
      SegmentStore store, SessionKey key, long seq, int maxBytes) {
    try {
      return Objects.requireNonNull(store.read(key, seq, maxBytes), "the store's answer")
          .thenApply(read -> page(key, seq, read))
          .toCompletableFuture();
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedFuture(StoreFailures.of(e));
    }
  }

  private static Page page(SessionKey key, long seq, @Nullable ReadOutcome read) {
    if (read instanceof ReadOutcome.Segments segments) {
      return Page.read(key, seq, segments.segments());
    }
    if (read instanceof ReadOutcome.Gone) {
      throw new SessionLogException(Code.SESSION_NOT_FOUND, "session " + key.id() + " was deleted");
    }
    throw StoreFailures.of(StoreFailures.noAnswer());
  }

  /** Keeps a page for others. */
  public void add(Page page) {
    if (page.nextSeq() == page.firstSeq()) {
      return;
    }
    PageCache.Entry entry = new PageCache.Entry(page, this);
    PageCache.Entry before = entries.put(page.firstSeq(), entry);
    if (before != null) {
      before.dropped = true;
    }
    cache.add(entry);
  }

  /** Lets go of all pages. */
  public void clear() {
    entries.values().forEach(entry -> entry.dropped = true);
    entries.clear();
  }

  void evict(PageCache.Entry entry) {
    entries.remove(entry.page.firstSeq(), entry);
  }
}
