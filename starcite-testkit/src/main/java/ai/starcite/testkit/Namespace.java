package ai.starcite.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A place of its own for what one test stores: at first there is nothing, and nobody else writes
 * there. Stores that are opened with the same namespace see the same sessions; stores of different
 * ones never do.
 *
 * <p>Thread-safe.
 */
public final class Namespace {
  private final String name = "t" + UUID.randomUUID().toString().replace("-", "");
  private @Nullable Path directory;

  Namespace() {}

  /**
   * A name that no other namespace has, to derive the name of a schema, a table, a bucket or a key
   * prefix from.
   *
   * @return 33 lower-case letters and digits, a letter first
   */
  public String name() {
    return name;
  }

  /**
   * A directory for stores that keep files. It is made when it is first asked for, and removed when
   * the test is over.
   *
   * @return an existing directory, empty at first
   */
  public synchronized Path directory() {
    if (directory == null) {
      try {
        directory = Files.createTempDirectory("starcite-" + name.substring(0, 9));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return directory;
  }

  /** Removes the directory, if there is one. */
  synchronized void remove() {
    if (directory == null) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.delete(file);
      }
      directory = null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
