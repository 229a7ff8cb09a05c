package ai.starcite.examples.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Folders for stores that start empty. */
final class Directories {
  private Directories() {}

  /**
   * Names a folder of this process, and deletes those of earlier runs that have ended. The store
   * makes the folder itself.
   */
  static Path fresh(Path parent, String name) throws IOException {
    Path own = parent.resolve(name + "-" + ProcessHandle.current().pid());
    if (Files.exists(parent)) {
      List<Path> earlier;
      try (Stream<Path> files = Files.list(parent)) {
        earlier = files.filter(file -> isOver(file.getFileName().toString(), name)).toList();
      }
      for (Path each : earlier) {
        delete(each);
      }
    }
    delete(own);
    return own;
  }

  private static boolean isOver(String file, String name) {
    String pid = file.startsWith(name + "-") ? file.substring(name.length() + 1) : "";
    return pid.matches("\\d{1,18}") && ProcessHandle.of(Long.parseLong(pid)).isEmpty();
  }

  /** Deletes a folder with all that is in it, if it is there. */
  static void delete(Path directory) throws IOException {
    if (Files.exists(directory)) {
      try (Stream<Path> files = Files.walk(directory)) {
        List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
        for (Path file : deepestFirst) {
          Files.deleteIfExists(file);
        }
      }
    }
  }
}
