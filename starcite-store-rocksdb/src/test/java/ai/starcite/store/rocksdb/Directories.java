package ai.starcite.store.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Copies, deletes and searches the directories of stores that are closed. */
final class Directories {
  private Directories() {}

  static void copy(Path from, Path to) throws IOException {
    delete(to);
    Files.createDirectories(to);
    for (Path file : files(from)) {
      Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
    }
  }

  static void delete(Path directory) throws IOException {
    if (Files.exists(directory)) {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  /** Checks that two directories hold the same files. */
  static void assertSame(Path expected, Path actual) throws IOException {
    assertThat(files(actual).stream().map(Path::getFileName))
        .containsExactlyElementsOf(files(expected).stream().map(Path::getFileName).toList());
    for (Path file : files(expected)) {
      assertThat(actual.resolve(file.getFileName())).hasSameBinaryContentAs(file);
    }
  }

  /** The files whose names match a pattern, in the order of their names. */
  static List<Path> files(Path directory, String pattern) throws IOException {
    return files(directory).stream()
        .filter(file -> file.getFileName().toString().matches(pattern))
        .toList();
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }
}
