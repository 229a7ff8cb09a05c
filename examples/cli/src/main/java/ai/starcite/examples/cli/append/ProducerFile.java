package ai.starcite.examples.cli.append;

import ai.starcite.SessionLogException;
import ai.starcite.examples.cli.console.CommandException;
import ai.starcite.examples.cli.console.ExitCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A producer's state on disk, locked for this process. The lock is a file of its own, since the
 * state is replaced as a whole.
 */
final class ProducerFile implements AutoCloseable {
  private final Path file;
  private final FileChannel lock;
  private ProducerState state;

  private ProducerFile(Path file, FileChannel lock, ProducerState state) {
    this.file = file;
    this.lock = lock;
    this.state = state;
  }

  /** Locks a file and reads it; null if another process has it. */
  static ProducerFile tryOpen(Path file, String incarnation) throws IOException {
    FileChannel lock =
        FileChannel.open(
            file.resolveSibling(file.getFileName() + ".lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE);
    ProducerFile opened = null;
    try {
      if (tryLock(lock) != null) {
        opened = new ProducerFile(file, lock, read(file, incarnation));
      }
      return opened;
    } finally {
      if (opened == null) {
        lock.close();
      }
    }
  }

  private static FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // held in this process
    }
  }

  /** The state of another life of the session says nothing about this one. */
  private static ProducerState read(Path file, String incarnation) throws IOException {
    try {
      ProducerState read = ProducerState.fromBytes(Files.readAllBytes(file));
      return read.incarnation().equals(incarnation) ? read : ProducerState.fresh(incarnation);
    } catch (NoSuchFileException e) {
      return ProducerState.fresh(incarnation);
    } catch (SessionLogException e) {
      throw new CommandException(
          ExitCode.FAILED,
          file
              + " is damaged ("
              + e.getMessage()
              + "): it says which events may be stored already; delete it to do without",
          e);
    }
  }

  ProducerState state() {
    return state;
  }

  /** Makes a state durable: when this returns it survives a crash of the machine. */
  void save(ProducerState next) {
    write(next, true);
  }

  /**
   * Writes that something is over. Should it be lost in a crash of the machine, the next run finds
   * out once more.
   */
  void note(ProducerState next) {
    write(next, false);
  }

  private void write(ProducerState next, boolean durable) {
    Path temporary = file.resolveSibling(file.getFileName() + ".new");
    try {
      try (FileChannel channel =
          FileChannel.open(
              temporary,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(next.toBytes());
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        // Before the renaming in either case, so that no crash leaves an empty file.
        channel.force(true);
      }
      replace(temporary);
      if (durable) {
        Directories.sync(file.getParent());
      }
      state = next;
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.FAILED,
          "cannot save the producer's state in " + file + " (" + e + "); nothing more was sent",
          e);
    }
  }

  private void replace(Path temporary) throws IOException {
    try {
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      // The lock ends with the process at the latest.
    }
  }
}
