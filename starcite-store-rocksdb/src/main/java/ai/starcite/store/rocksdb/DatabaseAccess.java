package ai.starcite.store.rocksdb;

import ai.starcite.SessionLogException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to the database: guards its native handles against use after close, and opens it again
 * after a write has failed.
 *
 * <p>After such a failure RocksDB refuses writes, and whether and when it recovers depends on what
 * has failed. Opening again always does, once the cause is gone; it also reads the true state and
 * makes it durable. Until then reading goes on.
 */
final class DatabaseAccess implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(DatabaseAccess.class);
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** What opening takes beside the room for what is recovered from the WALs. */
  private static final long SPACE_TO_OPEN = 4 * 1024 * 1024;

  private final Path directory;
  private final RocksDbOptions options;
  private final DirectoryLock directoryLock;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

  /** Null while opening again has failed, and after close. */
  private volatile @Nullable Database database;

  /** Why nothing can be written, or null. */
  private volatile @Nullable SessionLogException failure;

  private volatile boolean closed;
  private boolean compacting = true;
  private long attemptedAt;

  private DatabaseAccess(RocksDbOptions options, DirectoryLock directoryLock) {
    this.directory = directoryLock.directory();
    this.options = options;
    this.directoryLock = directoryLock;
  }

  static DatabaseAccess open(Path directory, RocksDbOptions options) {
    DatabaseAccess access = new DatabaseAccess(options, StoreDirectory.take(directory));
    boolean opened = false;
    try {
      access.database = Database.open(access.directoryLock, options, true, true);
      opened = true;
      return access;
    } finally {
      if (!opened) {
        access.close();
      }
    }
  }

  /** Reads, on any thread. */
  <T> T read(Function<Database, T> reading) {
    while (true) {
      lock.readLock().lock();
      try {
        Database open = database;
        if (closed) {
          throw Failures.closed();
        }
        if (open != null) {
          return reading.apply(open);
        }
      } finally {
        lock.readLock().unlock();
      }
      reopen();
    }
  }

  /**
   * The database, for the committer, who is the only one to close it; opened again if a write has
   * failed.
   *
   * @throws SessionLogException if nothing can be written now, and nothing was tried
   */
  Database forWriting() {
    if (failure != null) {
      reopen();
    }
    Database open = database;
    if (open == null) {
      throw Failures.closed();
    }
    return open;
  }

  /** Whether the database is open, and no write has failed since. */
  boolean isWritable() {
    return failure == null && database != null;
  }

  /**
   * Checks, when a write has ended and before it is acknowledged, that it went to where the next
   * owner of the directory looks for it. A new owner reads what was written before it took over, so
   * that what passes this check is found by it.
   *
   * @throws SessionLogException if the directory is gone or another process's
   */
  void requireHeld() {
    if (!directoryLock.isHeld()) {
      throw StoreDirectory.lost(directory);
    }
  }

  /** What to tell of a write that was not even tried, because tables have to be sorted first. */
  SessionLogException writeStalled(Database stalled, Throwable cause) {
    try {
      switch (stalled.stall()) {
        case NO_SPACE -> {
          return Failures.diskFull(directory, stalled.freeSpace(), stalled.spaceToSort(), cause);
        }
        case STUCK -> failure = Failures.stalled(directory, cause);
        case BUSY -> {}
      }
    } catch (RocksDBException e) {
      cause.addSuppressed(e);
    }
    return Failures.stalled(directory, cause);
  }

  /** Has writes wait no longer than a moment for tables to be sorted. Any thread. */
  void hurry() {
    lock.readLock().lock();
    try {
      Database open = database;
      if (open != null) {
        open.hurry();
      }
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Remembers that the last write failed, in a way that leaves unknown whether it was written. */
  SessionLogException writeFailed(Throwable cause) {
    SessionLogException told =
        cause instanceof SessionLogException own ? own : Failures.writing(directory, cause);
    LOGGER.warn("{}", told.getMessage(), cause);
    if (Failures.isCorruption(cause)) {
      compacting = false;
    }
    failure = told;
    return told;
  }

  private void reopen() {
    lock.writeLock().lock();
    try {
      SessionLogException reason = failure;
      if (closed || reason == null) {
        return;
      }
      // Before the database is closed, from which reading goes on.
      StoreDirectory.check(directory, directoryLock);
      requireSpace(reason);
      if (attemptedAt != 0 && System.nanoTime() - attemptedAt < RETRY_NANOS) {
        throw reason;
      }
      attemptedAt = System.nanoTime();
      Database broken = database;
      database = null;
      if (broken != null) {
        broken.close();
      }
      database = openAgain();
      failure = null;
      LOGGER.info("opened {} again after a failed write", directory);
    } finally {
      lock.writeLock().unlock();
    }
  }

  private Database openAgain() {
    try {
      return Database.open(directoryLock, options, compacting, false);
    } catch (SessionLogException e) {
      failure = e;
      throw e;
    }
  }

  private void release() {
    try {
      directoryLock.close();
    } catch (IOException e) {
      LOGGER.warn("{} was not given back, and is this process's until it ends", directory, e);
    }
  }

  /** Keeps a database that can be read open while it could not be opened again. */
  private void requireSpace(SessionLogException reason) {
    try {
      long needed = SPACE_TO_OPEN;
      for (Path wal : LogFiles.wals(directory)) {
        needed += wal.toFile().length();
      }
      long free = Files.getFileStore(directory).getUsableSpace();
      if (free < needed) {
        throw Failures.diskFull(directory, free, needed, reason);
      }
    } catch (IOException e) {
      throw StoreDirectory.unusable(directory, e);
    }
  }

  /**
   * Waits for reads to end and releases everything. On the committer's thread, or after its end.
   */
  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      closed = true;
      Database open = database;
      database = null;
      if (open != null) {
        open.close();
      }
      if (directoryLock.isHeld()) {
        Permissions.restrictFiles(directory);
      }
    } catch (IOException e) {
      LOGGER.debug("some files in {} may be read by other users", directory, e);
    } finally {
      try {
        release();
      } finally {
        lock.writeLock().unlock();
      }
    }
  }
}
