package ai.starcite.store.rocksdb;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The right of one store of one process to use a directory. RocksDB has a lock of its own, but the
 * log files are read and mended before RocksDB is there.
 *
 * <p>The set of this process's directories is needed, because the operating system gives a
 * process's locks on a file back as soon as the process closes any descriptor of that file: a
 * second attempt must not even open it.
 */
final class DirectoryLock implements AutoCloseable {
  private static final String FILE = "starcite.lock";
  private static final Set<Path> LOCKED = ConcurrentHashMap.newKeySet();

  private final Path directory;
  private final FileChannel channel;

  private DirectoryLock(Path directory, FileChannel channel) {
    this.directory = directory;
    this.channel = channel;
  }

  /** Takes the lock of an existing directory, or throws {@code STORE_UNAVAILABLE}. */
  static DirectoryLock take(Path directory) throws IOException {
    Path real = directory.toRealPath();
    if (!LOCKED.add(real)) {
      throw taken(directory, "in this process");
    }
    DirectoryLock lock = null;
    try {
      lock = lockFile(real);
      if (lock == null) {
        throw taken(directory, "in another process");
      }
      return lock;
    } finally {
      if (lock == null) {
        LOCKED.remove(real);
      }
    }
  }

  private static @Nullable DirectoryLock lockFile(Path directory) throws IOException {
    FileChannel channel =
        FileChannel.open(
            directory.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = channel.tryLock();
      return lock == null ? null : new DirectoryLock(directory, channel);
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
  }

  private static SessionLogException taken(Path directory, String where) {
    return new SessionLogException(
        Code.STORE_UNAVAILABLE,
        directory
            + " is already open "
            + where
            + ": use one process and one SessionLog per directory, and share that SessionLog");
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      LOCKED.remove(directory);
    }
  }
}
