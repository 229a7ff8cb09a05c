package ai.starcite.store.rocksdb;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;

/** Makes a directory ready for a database: it exists, is of the right format, and is locked. */
final class StoreDirectory {
  private StoreDirectory() {}

  /** Creates the directory if need be and takes its lock. */
  static DirectoryLock take(Path directory) {
    try {
      requireName(directory, directory.toAbsolutePath());
      create(directory, true);
      requireName(directory, directory.toRealPath());
      FormatFile.check(directory);
      DirectoryLock lock = DirectoryLock.take(directory);
      boolean ready = false;
      try {
        if (!FormatFile.check(directory)) {
          FormatFile.write(directory);
        }
        ready = true;
        return lock;
      } finally {
        if (!ready) {
          lock.close();
        }
      }
    } catch (IOException e) {
      throw new SessionLogException(
          isWrong(directory, e) ? Code.INVALID : Code.STORE_UNAVAILABLE,
          unusableText(directory, e),
          e);
    }
  }

  /** Whether the same path would be refused again, since it is the one that is wrong. */
  private static boolean isWrong(Path directory, IOException e) {
    if (e instanceof AccessDeniedException
        || e instanceof NotDirectoryException
        || e instanceof NoSuchFileException) {
      return true;
    }
    Path there = directory.toAbsolutePath().normalize();
    while (there.getParent() != null && !Files.exists(there, LinkOption.NOFOLLOW_LINKS)) {
      there = there.getParent();
    }
    if (Files.exists(there) && !Files.isDirectory(there)) {
      return true;
    }
    try {
      return Files.getFileStore(there).isReadOnly();
    } catch (IOException unknown) {
      return false;
    }
  }

  /**
   * Checks that a directory is still the one whose lock is held, so that it may be opened again.
   *
   * @throws SessionLogException {@code STORE_UNAVAILABLE} if its disk was unmounted, or it was
   *     moved, deleted or replaced
   */
  static void check(Path directory, DirectoryLock lock) {
    try {
      if (!FormatFile.check(directory)) {
        throw empty(directory);
      }
      if (!lock.isHeld()) {
        throw lost(directory);
      }
    } catch (NoSuchFileException e) {
      throw new SessionLogException(
          Code.STORE_UNAVAILABLE,
          e.getFile()
              + " is gone: is its disk mounted? Put it back, and the store goes on by itself",
          e);
    } catch (IOException e) {
      throw unusable(directory, e);
    }
  }

  /** RocksDB is handed a path in a variant of UTF-8 that has other bytes for surrogates. */
  private static void requireName(Path directory, Path whole) {
    if (whole.toString().chars().anyMatch(each -> Character.isSurrogate((char) each))) {
      throw misnamed(directory);
    }
  }

  /** What to tell where RocksDB takes a path for another one. */
  static SessionLogException misnamed(Path directory) {
    return new SessionLogException(
        Code.INVALID,
        directory
            + " cannot be used: RocksDB for Java takes a path with such characters, as those beyond"
            + " U+FFFF are, for another one; use a path of simpler characters");
  }

  /** What to tell where a database was, and is no more. */
  static SessionLogException empty(Path directory) {
    return new SessionLogException(
        Code.STORE_UNAVAILABLE,
        directory
            + " is empty: is its disk mounted? Put back what it held, and the store goes on by"
            + " itself");
  }

  /** What to tell where another directory is in the place of the one that was opened. */
  static SessionLogException lost(Path directory) {
    return new SessionLogException(
        Code.STORE_UNAVAILABLE,
        directory
            + " is not the directory that was opened, or its lock is not this process's any more:"
            + " was it moved, deleted, unmounted, or opened by another process? Put it back, and"
            + " the store goes on by itself; if another process has it, close this store");
  }

  /** What to tell of an exception of the file system. */
  static SessionLogException unusable(Path directory, IOException e) {
    return new SessionLogException(Code.STORE_UNAVAILABLE, unusableText(directory, e), e);
  }

  private static String unusableText(Path directory, IOException e) {
    return directory + " cannot be used (" + e + "): " + advice(e);
  }

  private static String advice(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "grant this process the right to read and write it";
    }
    if (e instanceof ClosedByInterruptException) {
      return "this thread was interrupted; open it from another one, or clear the flag first";
    }
    if (e instanceof FileAlreadyExistsException there) {
      return Files.isSymbolicLink(Path.of(there.getFile()))
          ? "it is a symbolic link that leads nowhere; mount or create what it names"
          : "it is a file; name a directory";
    }
    return "check that it is a directory on a healthy disk that has space";
  }

  /** Makes new and renamed files of a directory durable, where the system has a way to. */
  static void sync(Path directory) throws IOException {
    if (Permissions.isPosix(directory)) {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  /** Creates a directory and its parents; only the directory itself is for nobody else. */
  private static void create(Path directory, boolean own) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    Path parent = directory.toAbsolutePath().normalize().getParent();
    if (parent != null) {
      create(parent, false);
    }
    FileAttribute<?>[] attributes =
        own ? Permissions.ofDirectory(directory) : new FileAttribute<?>[0];
    Files.createDirectories(directory, attributes);
    if (parent != null) {
      sync(parent);
    }
  }
}
