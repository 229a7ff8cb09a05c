package ai.starcite.store.rocksdb;

import ai.starcite.SessionLogException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.CompactRangeOptions.BottommostLevelCompaction;
import org.rocksdb.FlushOptions;
import org.rocksdb.LevelMetaData;
import org.rocksdb.MutableColumnFamilyOptions;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Snapshot;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An open RocksDB and its native handles. Thread-safe but for {@link #close}: nothing may be called
 * during or after it, since that would crash the process; {@link DatabaseAccess} sees to that.
 */
final class Database implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(Database.class);
  private static final long STALL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long LONGEST_STALL_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** So many deletions cost a scan a few milliseconds. */
  private static final int FEW_DELETIONS = 4096;

  /** More of them where compaction has more to copy. */
  private static final int KEYS_PER_DELETION = 32;

  private static final long SHORT_STALL_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long RELAXED_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final long MARGIN = 1024 * 1024;
  private static final String RUNNING_COMPACTIONS = "rocksdb.num-running-compactions";
  private static final String RUNNING_FLUSHES = "rocksdb.num-running-flushes";
  private static final String ERRORS = "rocksdb.background-errors";
  private static final String MEMTABLES = "rocksdb.cur-size-all-mem-tables";
  private static final String KEYS = "rocksdb.estimate-num-keys";

  private final RocksDB rocks;
  private final List<ColumnFamilyHandle> handles;
  private final Tuning tuning;
  private final FlushOptions flushing =
      new FlushOptions().setWaitForFlush(false).setAllowWriteStall(true);
  private final WriteOptions synced = new WriteOptions().setSync(true).setNoSlowdown(true);
  private final Path directory;
  private long deletions;

  /** When {@link #relax} was called, or 0. */
  private long relaxedAt;

  private volatile boolean hurried;

  private Database(Path directory, RocksDB rocks, List<ColumnFamilyHandle> handles, Tuning tuning) {
    this.directory = directory;
    this.rocks = rocks;
    this.handles = handles;
    this.tuning = tuning;
  }

  /**
   * Opens the database of a directory, or creates it.
   *
   * @param lock the right to use the directory
   * @param compacting false to leave the files as they are, where compaction met a damaged one
   * @param mayCreate false if the database must be there
   * @throws SessionLogException {@code CORRUPT} or {@code STORE_UNAVAILABLE}
   */
  static Database open(
      DirectoryLock lock, RocksDbOptions options, boolean compacting, boolean mayCreate) {
    Failures.loadLibrary();
    Path directory = lock.directory();
    Tuning tuning = null;
    try {
      lock.lockDatabase();
      if (!lock.isHeld()) {
        throw StoreDirectory.lost(directory);
      }
      LogFiles.settle(directory, mayCreate);
      Tuning used = new Tuning(options, compacting, mayCreate);
      tuning = used;
      List<ColumnFamilyHandle> handles = new ArrayList<>();
      RocksDB rocks = RocksDB.open(used.database(), directory.toString(), used.families(), handles);
      tuning = null;
      Database database = new Database(directory, rocks, handles, used);
      Permissions.restrictFiles(directory);
      if (!LogFiles.holdsDatabase(directory)) {
        database.close();
        throw StoreDirectory.misnamed(directory);
      }
      return database;
    } catch (IOException e) {
      throw StoreDirectory.unusable(directory, e);
    } catch (RocksDBException e) {
      throw Failures.opening(directory, e);
    } finally {
      if (tuning != null) {
        tuning.close();
      }
    }
  }

  ColumnFamilyHandle handle(Family family) {
    return handles.get(1 + family.ordinal());
  }

  /**
   * Writes a batch durably and atomically. Where tables must be sorted first, this waits, and not
   * RocksDB: a write that waits inside it waits without end if that sorting fails on a full disk.
   * It does not wait for what cannot happen for want of space.
   *
   * @throws RocksDBException a {@linkplain Failures#isStall stall} if nothing was written, anything
   *     else if that is unknown
   */
  void write(WriteBatch batch) throws RocksDBException {
    long start = System.nanoTime();
    long errorsBefore = -1;
    boolean written = false;
    boolean interrupted = false;
    while (!written) {
      try {
        rocks.write(synced, batch);
        written = true;
        tightenAgain();
      } catch (RocksDBException e) {
        if (!Failures.isStall(e)) {
          throw e;
        }
        errorsBefore = errorsBefore < 0 ? rocks.getLongProperty(ERRORS) : errorsBefore;
        boolean hopeless = stall(errorsBefore) != Stall.BUSY && !relax();
        long limit = hurried ? SHORT_STALL_NANOS : LONGEST_STALL_NANOS;
        if (hopeless || System.nanoTime() - start > limit) {
          throw e;
        }
        LockSupport.parkNanos(STALL_NANOS);
        // Else it would not park again.
        interrupted |= Thread.interrupted();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Has RocksDB take writes though it should sort tables first, for which there is no space: what
   * is left of that is enough for many writes. Reads then have more tables to look into.
   *
   * @return false if that was done before, or there is no space at all
   */
  private boolean relax() {
    if (relaxedAt != 0) {
      return false;
    }
    relaxedAt = System.nanoTime();
    LOGGER.warn("{} has too little space to sort its tables: reads become slower", directory);
    return allowUnsorted(Integer.MAX_VALUE);
  }

  /** Ends {@link #relax} after a while; if there is still no space, it begins anew. */
  private void tightenAgain() {
    if (relaxedAt != 0 && System.nanoTime() - relaxedAt > RELAXED_NANOS) {
      relaxedAt = 0;
      allowUnsorted(Tuning.MOST_LEVEL_0_FILES);
    }
  }

  private boolean allowUnsorted(int files) {
    try {
      for (ColumnFamilyHandle family : handles) {
        rocks.setOptions(
            family,
            MutableColumnFamilyOptions.builder()
                .setLevel0SlowdownWritesTrigger(files)
                .setLevel0StopWritesTrigger(files)
                .build());
      }
      return true;
    } catch (RocksDBException e) {
      LOGGER.debug("{} has no space even for that", directory, e);
      return false;
    }
  }

  /** Has no write wait for long any more, since the store is being closed. */
  void hurry() {
    hurried = true;
  }

  /** Why RocksDB takes no writes until tables are sorted. */
  enum Stall {
    /** It is sorting them, or about to. */
    BUSY,
    /** The disk has not the space for that. */
    NO_SPACE,
    /** It has met an error before, and does not try again, though there is space. */
    STUCK
  }

  /**
   * What holds writes up.
   *
   * @param errorsBefore how often sorting had failed when that began
   */
  private Stall stall(long errorsBefore) throws RocksDBException {
    long errors = rocks.getLongProperty(ERRORS);
    long running =
        rocks.getLongProperty(RUNNING_COMPACTIONS) + rocks.getLongProperty(RUNNING_FLUSHES);
    // What runs has taken some of the space already; what has failed counts as running for long.
    if ((running == 0 || errors > 0) && freeSpace() < spaceToSort()) {
      return Stall.NO_SPACE;
    }
    return errors > errorsBefore ? Stall.STUCK : Stall.BUSY;
  }

  /** What held writes up that were given up. */
  Stall stall() throws RocksDBException {
    return stall(0);
  }

  long freeSpace() {
    return directory.toFile().getUsableSpace();
  }

  /** How many bytes it takes to sort the tables that hold writes up. */
  long spaceToSort() throws RocksDBException {
    long most = 0;
    for (ColumnFamilyHandle family : handles) {
      List<LevelMetaData> levels = rocks.getColumnFamilyMetaData(family).levels();
      long bytes = rocks.getLongProperty(family, MEMTABLES);
      if (levels.get(0).files().size() >= Tuning.FILES_TO_SORT) {
        // The newest tables are merged with all of the level that they go to.
        bytes += levels.get(0).size();
        bytes +=
            levels.stream()
                .skip(1)
                .filter(each -> each.size() > 0)
                .findFirst()
                .map(LevelMetaData::size)
                .orElse(0L);
      }
      most = Math.max(most, bytes);
    }
    return most + MARGIN;
  }

  /**
   * Notes that records were deleted. A list steps over the deletions until they are compacted away,
   * and those in memory are not: so they are written to a table when they become many, for which
   * {@link Tuning} asks for compaction. Called by the committer only.
   */
  void deletedRecords(int count) {
    deletions += count;
    if (count == 0 || deletions <= FEW_DELETIONS) {
      return;
    }
    try {
      if (deletions > rocks.getLongProperty(handle(Family.RECORDS), KEYS) / KEYS_PER_DELETION) {
        deletions = 0;
        rocks.flush(flushing, handle(Family.RECORDS));
      }
    } catch (RocksDBException e) {
      // What was written is durable all the same; if the disk fails, the next write tells.
      LOGGER.warn("the records could not be written to a table", e);
    }
  }

  /**
   * Compacts the records of a range of keys.
   *
   * @return false if there is not the space for that
   */
  boolean compactRecords(byte @Nullable [] from, byte @Nullable [] to) throws RocksDBException {
    ColumnFamilyHandle records = handle(Family.RECORDS);
    long size = rocks.getColumnFamilyMetaData(records).size();
    if (freeSpace() < size + rocks.getLongProperty(records, MEMTABLES) + MARGIN) {
      return false;
    }
    try (CompactRangeOptions beside = new CompactRangeOptions()) {
      beside
          .setExclusiveManualCompaction(false)
          // Else a table that nothing overlaps is only moved, with its deletions.
          .setBottommostLevelCompaction(BottommostLevelCompaction.kForceOptimized);
      rocks.compactRange(records, from, to, beside);
    }
    return true;
  }

  /** RocksDB itself, to see what it has done. */
  RocksDB rocks() {
    return rocks;
  }

  byte @Nullable [] get(Family family, ReadOptions options, byte[] key) throws RocksDBException {
    return rocks.get(handle(family), options, key);
  }

  RocksIterator iterator(Family family, ReadOptions options) {
    return rocks.newIterator(handle(family), options);
  }

  Snapshot snapshot() {
    return rocks.getSnapshot();
  }

  void release(Snapshot snapshot) {
    rocks.releaseSnapshot(snapshot);
  }

  @Override
  public void close() {
    synced.close();
    flushing.close();
    handles.forEach(ColumnFamilyHandle::close);
    rocks.close();
    tuning.close();
  }
}
