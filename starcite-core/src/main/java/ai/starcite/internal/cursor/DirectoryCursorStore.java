package ai.starcite.internal.cursor;

import ai.starcite.Cursor;
import ai.starcite.CursorStore;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Cursors in a directory: one file for each, replaced as a whole. */
public final class DirectoryCursorStore implements CursorStore {
  private final Path directory;

  private DirectoryCursorStore(Path directory) {
    this.directory = directory;
  }

  /** A store over a directory, which is created if need be. */
  public static CursorStore open(Path directory) {
    Objects.requireNonNull(directory, "directory");
    DirectoryCursorStore store = new DirectoryCursorStore(directory.toAbsolutePath());
    store.run("created", () -> Files.createDirectories(store.directory));
    return store;
  }

  @Override
  public Optional<Cursor> load(String sessionId, String reader) {
    ReaderKey key = ReaderKey.of(sessionId, reader);
    return run("read", () -> read(file(key))).map(content -> CursorFile.read(key, content));
  }

  private Optional<byte[]> read(Path file) throws IOException {
    try {
      return Optional.of(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      if (!Files.isDirectory(directory)) {
        // All cursors are gone, which is not the same as none.
        throw new NotDirectoryException(directory.toString());
      }
      return Optional.empty();
    }
  }

  @Override
  public void save(String sessionId, String reader, Cursor cursor) {
    ReaderKey key = ReaderKey.of(sessionId, reader);
    byte[] content = CursorFile.write(key, Objects.requireNonNull(cursor, "cursor"));
    run("written", () -> replace(file(key), content));
  }

  /**
   * Writes a file so that a crash leaves the old one or the new one, whatever other process writes
   * it.
   */
  private Path replace(Path file, byte[] content) throws IOException {
    Path temporary = Files.createTempFile(directory, "", ".tmp");
    try {
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        ByteBuffer left = ByteBuffer.wrap(content);
        while (left.hasRemaining()) {
          channel.write(left);
        }
        channel.force(true);
      }
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
    return sync();
  }

  @Override
  public void forget(String sessionId, String reader) {
    ReaderKey key = ReaderKey.of(sessionId, reader);
    run("removed", () -> Files.deleteIfExists(file(key)) ? sync() : directory);
  }

  private Path file(ReaderKey key) {
    return directory.resolve(key.fileName());
  }

  /** Makes what was renamed or removed durable, where the system has a way to. */
  private Path sync() throws IOException {
    if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
    return directory;
  }

  /**
   * Does something with files, to its end. An interrupt would close them in the middle: a reader
   * that is interrupted still saves what it has handled, and keeps its flag.
   */
  private <T> T run(String what, Callable<T> action) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return action.call();
        } catch (ClosedByInterruptException e) {
          interrupted |= Thread.interrupted();
        }
      }
    } catch (Exception e) {
      throw new SessionLogException(
          Code.STORE_UNAVAILABLE,
          "cursors in %s cannot be %s (%s); check that it is a directory that this process may write to, on a healthy disk that has space"
              .formatted(directory, what, e),
          e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
