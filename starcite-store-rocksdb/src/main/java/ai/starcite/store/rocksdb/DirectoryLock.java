package ai.starcite.store.rocksdb;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
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

  /** By what stays the same under another path, as of a bind mount or after a renaming. */
  private static final Set<Object> LOCKED = ConcurrentHashMap.newKeySet();

  /** Further channels of files that this process has locked: closing them would unlock those. */
  private static final Queue<FileChannel> NEVER_CLOSED = new ConcurrentLinkedQueue<>();

  private final Object identity;
  private final FileChannel channel;
  private final @Nullable Object file;

  private DirectoryLock(Object identity, FileChannel channel, @Nullable Object file) {
    this.identity = identity;
    this.channel = channel;
    this.file = file;
  }

  /** Takes the lock of an existing directory, or throws {@code STORE_UNAVAILABLE}. */
  static DirectoryLock take(Path directory) throws IOException {
    Path real = directory.toRealPath();
    Object key = key(real);
    Object identity = key == null ? real : key;
    if (!LOCKED.add(identity)) {
      throw taken(directory, "in this process");
    }
    DirectoryLock lock = null;
    try {
      FileChannel channel = lockFile(directory);
      if (channel == null) {
        throw taken(directory, holder(directory.resolve(FILE)));
      }
      lock = new DirectoryLock(identity, channel, key(directory.resolve(FILE)));
      return lock;
    } finally {
      if (lock == null) {
        LOCKED.remove(identity);
      }
    }
  }

  private static @Nullable FileChannel lockFile(Path directory) throws IOException {
    FileChannel channel =
        FileChannel.open(
            directory.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean close = true;
    try {
      if (channel.tryLock() == null) {
        return null;
      }
      sign(channel);
      close = false;
      return channel;
    } catch (OverlappingFileLockException e) {
      close = false;
      NEVER_CLOSED.add(channel);
      throw taken(directory, "in this process");
    } finally {
      if (close) {
        channel.close();
      }
    }
  }

  /** Leaves word of who has the lock, for the message to those who do not get it. */
  private static void sign(FileChannel channel) {
    try {
      channel.truncate(0);
      String pid = ProcessHandle.current().pid() + "\n";
      channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)), 0);
    } catch (IOException e) {
      // The lock holds without a name on it, and a full disk can still be read from.
    }
  }

  private static String holder(Path file) {
    try {
      long pid = Long.parseLong(Files.readString(file).strip());
      // Not one that held it before, nor one of another machine.
      if (ProcessHandle.of(pid).isPresent()) {
        return "in another process (pid " + pid + ")";
      }
    } catch (IOException | NumberFormatException e) {
      // It has just been taken, or cannot be read: then there is no name to give.
    }
    return "in another process";
  }

  private static @Nullable Object key(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }

  private static SessionLogException taken(Path directory, String where) {
    return new SessionLogException(
        Code.STORE_UNAVAILABLE,
        directory
            + " is already open "
            + where
            + ": use one process and one SessionLog per directory, and share that SessionLog");
  }

  /** Whether the path still leads to the file that is locked. */
  boolean isOf(Path directory) throws IOException {
    return Objects.equals(file, key(directory.resolve(FILE)));
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      LOCKED.remove(identity);
    }
  }
}
