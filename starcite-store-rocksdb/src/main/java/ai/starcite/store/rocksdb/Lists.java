package ai.starcite.store.rocksdb;

import ai.starcite.spi.ListRequest;
import ai.starcite.spi.RecordPage;
import ai.starcite.spi.SessionRecord;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.rocksdb.PerfContext;
import org.rocksdb.PerfLevel;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lists sessions, and has the deletions compacted away that a list had to step over, if they were
 * so many that it took long: the next list does not meet them. That is needed where they were
 * written faster than RocksDB compacts, or before it was asked to. Used by one thread.
 */
final class Lists {
  private static final Logger LOGGER = LoggerFactory.getLogger(Lists.class);

  /** So many take about 10 ms. */
  private static final long MANY = 20_000;

  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** What is to be compacted; its ends are null where there is none. */
  private record Stretch(byte @Nullable [] from, byte @Nullable [] to) {}

  private @Nullable Stretch slow;
  private long compactedAt = System.nanoTime() - PAUSE_NANOS;

  RecordPage page(Database database, ListRequest request) {
    RocksDB rocks = database.rocks();
    rocks.setPerfLevel(PerfLevel.ENABLE_COUNT);
    PerfContext counts = rocks.getPerfContext();
    counts.reset();
    RecordPage page = Reads.list(database, request);
    if (counts.getInternalDeleteSkippedCount() > MANY) {
      slow = stretch(request, page.records());
    }
    return page;
  }

  private static Stretch stretch(ListRequest request, List<SessionRecord> records) {
    boolean full = records.size() == request.limit();
    return new Stretch(
        Keys.record(request.after().orElse(request.prefix())),
        full ? Keys.record(records.get(records.size() - 1).key().id()) : null);
  }

  /** Whether a list was slow, and {@link #compact} is worth calling. */
  boolean wasSlow() {
    return slow != null && System.nanoTime() - compactedAt > PAUSE_NANOS;
  }

  /** Compacts what a list has found to be mostly deletions. */
  Boolean compact(Database database) {
    Stretch found = slow;
    slow = null;
    if (found == null) {
      return false;
    }
    try {
      return database.compactRecords(found.from(), found.to());
    } catch (RocksDBException e) {
      LOGGER.warn("the deleted records could not be compacted away; lists stay slow", e);
      return false;
    } finally {
      compactedAt = System.nanoTime();
    }
  }
}
