package ai.starcite.store.rocksdb;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what RocksDB says into what a caller can act on. */
final class Failures {
  private static final Logger LOGGER = LoggerFactory.getLogger(Failures.class);

  private static final Pattern TABLE = Pattern.compile("\\d{6,}\\.sst\\b");

  private Failures() {}

  /** Loads RocksDB's native code, once for the process. */
  static void loadLibrary() {
    try {
      NativeLibrary.load();
    } catch (IOException | RuntimeException | LinkageError e) {
      throw new SessionLogException(
          Code.STORE_UNAVAILABLE,
          "RocksDB's native library cannot be loaded ("
              + e.getMessage()
              + "): it is unpacked into java.io.tmpdir or the user's .cache, one of which must"
              + " allow that and must not be mounted noexec; or name a directory that does in the"
              + " environment variable ROCKSDB_SHAREDLIB_DIR",
          e);
    }
  }

  static SessionLogException opening(Path directory, RocksDBException e) {
    if (isCorruption(e)) {
      return new SessionLogException(
          Code.CORRUPT,
          directory
              + " is damaged ("
              + e.getMessage()
              + "): check the disk and restore the directory from a backup",
          e);
    }
    return unavailable(directory + " cannot be opened", directory, e);
  }

  static SessionLogException writing(Path directory, Throwable e) {
    if (isCorruption(e)) {
      return new SessionLogException(
          Code.STORE_UNAVAILABLE,
          "a file in "
              + directory
              + " is damaged ("
              + e.getMessage()
              + "); the store goes on without compaction: check the disk and restore the"
              + " directory from a backup",
          e);
    }
    return unavailable("writing to " + directory + " failed", directory, e);
  }

  static SessionLogException stalled(Path directory, Throwable e) {
    return new SessionLogException(
        Code.STORE_UNAVAILABLE,
        directory
            + " takes no writes until its tables are sorted: check that its disk has space and is"
            + " fast enough, then retry",
        e);
  }

  /** What to tell of a read of sessions' records. */
  static SessionLogException reading(String what, RocksDBException e) {
    return isCorruption(e) ? damaged(what, e) : unreadable(what, e);
  }

  /**
   * What to tell of a read of a session's segments, which can be given up one session at a time.
   */
  static SessionLogException readingSegments(String what, RocksDBException e) {
    return isCorruption(e) ? damagedSegment(what, e) : unreadable(what, e);
  }

  private static SessionLogException unreadable(String what, RocksDBException e) {
    return new SessionLogException(
        Code.STORE_UNAVAILABLE,
        what + " cannot be read (" + e.getMessage() + "): check the disk, then retry",
        e);
  }

  static SessionLogException damaged(String what, Exception e) {
    return damaged(what, e, "");
  }

  static SessionLogException damagedSegment(String what, Exception e) {
    return damaged(what, e, ", or delete the session");
  }

  private static SessionLogException damaged(String what, Exception e, String alternative) {
    return new SessionLogException(
        Code.CORRUPT,
        what
            + " is damaged ("
            + e.getMessage()
            + "): check the disk and restore the directory from a backup"
            + alternative,
        e);
  }

  static SessionLogException hole(String what) {
    return new SessionLogException(
        Code.CORRUPT,
        what + " is missing: restore the directory from a backup, or delete the session");
  }

  /** What to tell of a call that failed before anything was written. */
  static SessionLogException untried(Throwable e) {
    if (e instanceof SessionLogException told) {
      return told;
    }
    LOGGER.error("a call failed unexpectedly, and nothing was written", e);
    return new SessionLogException(
        Code.STORE_UNAVAILABLE,
        "this call failed unexpectedly ("
            + e
            + "), and nothing was written; other calls go on: report it with its stack trace",
        e);
  }

  static SessionLogException closed() {
    return new SessionLogException(Code.CLOSED, "the store is closed; open it again to go on");
  }

  /** What to tell while the disk has less space than it takes to go on. */
  static SessionLogException diskFull(Path directory, long free, long needed, Throwable e) {
    return new SessionLogException(
        Code.STORE_UNAVAILABLE,
        ("the disk of %s is full: %d bytes are free, at least %d are needed; free space, and the"
                + " store goes on by itself")
            .formatted(directory, free, needed),
        e);
  }

  /** Whether RocksDB has not even tried to write, because it has to sort tables first. */
  static boolean isStall(Throwable e) {
    return hasCode(e, Status.Code.Incomplete);
  }

  /**
   * Whether RocksDB has refused to write because it could not write a table before. It writes none
   * while it writes a batch; and it names the file that it could not write.
   */
  static boolean isUntried(Throwable e) {
    return hasCode(e, Status.Code.IOError) && TABLE.matcher(String.valueOf(e.getMessage())).find();
  }

  static boolean isCorruption(Throwable e) {
    return hasCode(e, Status.Code.Corruption);
  }

  private static boolean hasCode(Throwable e, Status.Code code) {
    return e instanceof RocksDBException rocks
        && rocks.getStatus() != null
        && rocks.getStatus().getCode() == code;
  }

  private static SessionLogException unavailable(String what, Path directory, Throwable e) {
    return new SessionLogException(
        Code.STORE_UNAVAILABLE,
        what + " (" + e.getMessage() + "): " + advice(directory, e) + ", then retry",
        e);
  }

  private static String advice(Path directory, Throwable e) {
    if (e instanceof RocksDBException rocks
        && rocks.getStatus() != null
        && rocks.getStatus().getSubCode() == Status.SubCode.NoSpace) {
      return "the disk is full; free space";
    }
    if (String.valueOf(e.getMessage()).contains("lock file")) {
      return "close the other program that uses this database";
    }
    return "check that " + directory + " is writable and its disk healthy";
  }
}
