package ai.starcite.benchmarks.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Directories that are there for a while. */
public final class Directories {
  private Directories() {}

  /** An empty directory below another one; what was there is deleted. */
  public static Path empty(Path parent, String name) throws IOException {
    Path directory = parent.resolve(name);
    delete(directory);
    return Files.createDirectories(directory);
  }

  /** Deletes a directory with all that is in it, if it is there. */
  public static void delete(Path directory) throws IOException {
    if (Files.exists(directory)) {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    }
  }
}
