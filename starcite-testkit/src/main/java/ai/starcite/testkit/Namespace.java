package ai.starcite.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A place of its own for what one test stores: it is empty at first, and nothing else writes there.
 * Stores that are opened on the same namespace see the same sessions; stores on different ones
 * never do.
 *
 * <p>Thread-safe.
 */
public final class Namespace {
  private final String name = "t" + UUID.randomUUID().toString().replace("-", "");

  /** The last one is in use; those before it belong to stores that have crashed. */
  private final List<Path> directories = new ArrayList<>();

  Namespace() {}

  /**
   * Returns a name that no other namespace has, from which the name of a schema, a table, a bucket
   * or a key prefix can be derived.
   *
   * @return 33 lower-case letters and digits, a letter first
   */
  public String name() {
    return name;
  }

  /**
   * Returns a directory for stores that keep files. It is made when it is first asked for, and
   * removed when the test is over.
   *
   * @return an existing directory, empty at first
   */
  public synchronized Path directory() {
    if (directories.isEmpty()) {
      directories.add(newDirectory());
    }
    return directories.get(directories.size() - 1);
  }

  /**
   * Copies the directory as it is at one moment, and goes on with the copy: {@link #directory}
   * returns it from now on. A store that runs keeps the old files, and a lock on them. So a store
   * that keeps files {@linkplain SegmentStoreContract#crash crashes} in two lines:
   *
   * <pre>{@code
   * namespace.continueOnCopy();
   * return openStore(namespace);
   * }</pre>
   *
   * @return the new directory, in which files and subdirectories have the names that they had
   */
  public synchronized Path continueOnCopy() {
    Path from = directory();
    Path to = newDirectory();
    directories.add(to);
    CrashedFiles.copy(from, to);
    return to;
  }

  private Path newDirectory() {
    try {
      return Files.createTempDirectory("starcite-" + name.substring(0, 9));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Removes the directories, if there are any. */
  synchronized void remove() {
    directories.forEach(CrashedFiles::delete);
    directories.clear();
  }

  @Override
  public String toString() {
    return name;
  }
}
