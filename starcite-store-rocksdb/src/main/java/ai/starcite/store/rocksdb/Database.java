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
import org.rocksdb.FlushOptions;
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

  private static final String KEYS = "rocksdb.estimate-num-keys";

  private final RocksDB rocks;
  private final List<ColumnFamilyHandle> handles;
  private final Tuning tuning;
  private final FlushOptions flushing =
      new FlushOptions().setWaitForFlush(false).setAllowWriteStall(true);
  private final WriteOptions synced = new WriteOptions().setSync(true).setNoSlowdown(true);
  private long deletions;

  private Database(RocksDB rocks, List<ColumnFamilyHandle> handles, Tuning tuning) {
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
      Database database = new Database(rocks, handles, used);
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
   * RocksDB: a write that waits inside it waits for ever if that sorting fails on a full disk.
   *
   * @throws RocksDBException a {@linkplain Failures#isStall stall} if nothing was written, anything
   *     else if that is unknown
   */
  void write(WriteBatch batch) throws RocksDBException {
    long start = System.nanoTime();
    boolean written = false;
    boolean interrupted = false;
    while (!written) {
      try {
        rocks.write(synced, batch);
        written = true;
      } catch (RocksDBException e) {
        if (!Failures.isStall(e) || System.nanoTime() - start > LONGEST_STALL_NANOS) {
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

  /** RocksDB itself, for tests that look into it. */
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
