package ai.starcite.store.rocksdb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file that the owner of a directory has locked and signed, and that it watches. Only the
 * watching thread reads it, since a channel is closed, and with it the lock lost, when the thread
 * that uses it is interrupted. Thread-safe.
 */
final class LockFile implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(LockFile.class);
  private static final String NAME = "starcite.lock";
  private static final String TEMPORARY = NAME + ".tmp";
  private static final String QUESTION = NAME + ".alive";
  private static final long WATCH_MILLIS = 250;

  /** How long an owner that cannot be seen has to answer; see {@link #knock}. */
  private static final Duration PATIENCE = Duration.ofSeconds(4);

  private static final int LONGEST_SIGNATURE = 4096;

  private final Path path;
  private final FileChannel channel;
  private final @Nullable Object key;
  private final byte[] signature;
  private final CountDownLatch closing = new CountDownLatch(1);

  /** The file's time when its content was last compared; the watching thread's. */
  private @Nullable FileTime lookedAt;

  private @Nullable FileTime lastChange;
  private boolean wasChanging;

  private volatile boolean overwritten;

  private LockFile(Path path, FileChannel channel, @Nullable Object key, byte[] signature) {
    this.path = path;
    this.channel = channel;
    this.key = key;
    this.signature = signature;
  }

  static Path in(Path directory) {
    return directory.resolve(NAME);
  }

  /** The identity of a file whatever path leads to it, or null where there is none, on Windows. */
  static @Nullable Object key(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }

  /** Whether the locks of a process on a file go with any descriptor of it. */
  static boolean isLostByClosing(Path directory) throws IOException {
    return key(directory) != null;
  }

  static FileChannel open(Path directory) throws IOException {
    return Permissions.open(
        in(directory),
        StandardOpenOption.CREATE,
        StandardOpenOption.READ,
        StandardOpenOption.WRITE);
  }

  static byte[] read(FileChannel channel) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(LONGEST_SIGNATURE);
    while (buffer.hasRemaining() && channel.read(buffer, buffer.position()) >= 0) {
      // A read may return less than was asked for.
    }
    return Arrays.copyOf(buffer.array(), buffer.position());
  }

  /**
   * Makes this process the owner. A new file, complete and locked, takes the place of the old one
   * at once: a former owner sees that, and no one ever sees half a signature.
   *
   * @param locked the file that is there, which this process has locked
   * @param key its identity
   */
  static LockFile sign(Path directory, FileChannel locked, @Nullable Object key)
      throws IOException {
    if (key == null) {
      // An open file cannot be replaced; nor can its lock be lost, and the id is for messages.
      byte[] id = ("pid " + ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.UTF_8);
      locked.truncate(0);
      locked.write(ByteBuffer.wrap(id), 0);
      return watched(new LockFile(in(directory), locked, null, id));
    }
    Path temporary = directory.resolve(TEMPORARY);
    Files.deleteIfExists(temporary);
    FileChannel channel =
        Permissions.open(
            temporary,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    boolean signed = false;
    try {
      Object newKey = key(temporary);
      byte[] signature = Owner.current(String.valueOf(newKey)).toBytes();
      for (ByteBuffer rest = ByteBuffer.wrap(signature); rest.hasRemaining(); ) {
        channel.write(rest, rest.position());
      }
      channel.force(true);
      if (channel.tryLock() == null || !key.equals(key(in(directory)))) {
        throw new IOException("another process is opening it as well");
      }
      Files.move(temporary, in(directory), StandardCopyOption.ATOMIC_MOVE);
      LockFile file = watched(new LockFile(in(directory), channel, newKey, signature));
      signed = true;
      return file;
    } finally {
      if (!signed) {
        try {
          channel.truncate(0);
        } finally {
          channel.close();
        }
      }
    }
  }

  private static LockFile watched(LockFile file) {
    Thread watcher = new Thread(file::watch, "starcite-rocksdb-lock");
    watcher.setDaemon(true);
    watcher.start();
    return file;
  }

  FileChannel channel() {
    return channel;
  }

  /**
   * Asks the owner of a lock file, which cannot be seen from here, whether it lives: puts a file
   * there that an owner deletes, and waits for that.
   *
   * @return whether it did
   */
  static boolean knock(Path directory) throws IOException {
    Path question = directory.resolve(QUESTION);
    Permissions.open(question, StandardOpenOption.CREATE, StandardOpenOption.WRITE).close();
    long end = System.nanoTime() + PATIENCE.toNanos();
    try {
      while (Files.exists(question)) {
        if (System.nanoTime() - end >= 0) {
          return false;
        }
        TimeUnit.MILLISECONDS.sleep(WATCH_MILLIS / 4);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClosedByInterruptException();
    } finally {
      Files.deleteIfExists(question);
    }
  }

  private void watch() {
    try {
      while (!closing.await(WATCH_MILLIS, TimeUnit.MILLISECONDS)) {
        look();
      }
    } catch (InterruptedException e) {
      LOGGER.warn("the watch over {} was interrupted and has ended", path);
    }
  }

  private void look() {
    try {
      BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
      if (key == null || !key.equals(now.fileKey())) {
        return;
      }
      if (!now.lastModifiedTime().equals(lookedAt) || now.size() != signature.length) {
        overwritten = !Arrays.equals(read(channel), signature);
        lookedAt = now.lastModifiedTime();
      }
      if (!overwritten) {
        Files.deleteIfExists(path.resolveSibling(QUESTION));
        restrictNewFiles();
      }
    } catch (IOException e) {
      LOGGER.debug("{} cannot be looked at", path, e);
    }
  }

  private void restrictNewFiles() throws IOException {
    Path directory = Objects.requireNonNull(path.getParent(), "the directory of the lock file");
    FileTime changed = Files.getLastModifiedTime(directory);
    boolean changing = !changed.equals(lastChange);
    // Once more after the last change: its time may be that of two changes.
    if (changing || wasChanging) {
      Permissions.restrictFiles(directory);
    }
    lastChange = changed;
    wasChanging = changing;
  }

  /** The names of what may be in a directory because of its lock. */
  static boolean isName(String name) {
    return name.equals(NAME) || name.equals(TEMPORARY) || name.equals(QUESTION);
  }

  /** Whether the path leads to this very file, and it bears this process's signature. */
  boolean isHeld() {
    if (key == null) {
      return Files.exists(path);
    }
    try {
      return !overwritten && key.equals(key(path));
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    closing.countDown();
    // An interrupt would close the channel before the signature is removed.
    boolean interrupted = Thread.interrupted();
    try {
      channel.truncate(0);
    } finally {
      try {
        channel.close();
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }
}
