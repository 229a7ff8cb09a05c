package ai.starcite.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The files that a store leaves behind when its process dies. */
final class CrashedFiles {
  private CrashedFiles() {}

  /** What tells that a file has changed. */
  private record Stamp(long size, long modifiedMicros) {}

  /**
   * Copies a directory as it is at one moment: once more, if the store changed files in the
   * background meanwhile.
   */
  static void copy(Path from, Path to) {
    boolean isOfOneMoment;
    do {
      try {
        SortedMap<Path, Stamp> before = stamps(from);
        delete(to);
        for (Path each : before.keySet()) {
          Path file = from.resolve(each);
          Files.copy(file, to.resolve(each), StandardCopyOption.COPY_ATTRIBUTES);
        }
        isOfOneMoment = stamps(from).equals(before);
      } catch (NoSuchFileException e) {
        isOfOneMoment = false; // Deleted while it was to be copied.
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    } while (!isOfOneMoment);
  }

  /** By path from the directory, which comes first itself. */
  private static SortedMap<Path, Stamp> stamps(Path directory) throws IOException {
    SortedMap<Path, Stamp> stamps = new TreeMap<>();
    for (Path each : walk(directory)) {
      BasicFileAttributes is = Files.readAttributes(each, BasicFileAttributes.class);
      stamps.put(
          directory.relativize(each),
          new Stamp(
              is.isDirectory() ? 0 : is.size(), is.lastModifiedTime().to(TimeUnit.MICROSECONDS)));
    }
    return stamps;
  }

  /** Deletes a directory, if it is there. */
  static void delete(Path directory) {
    try {
      List<Path> files = Files.exists(directory) ? walk(directory) : List.of();
      for (Path each : files.stream().sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> walk(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
