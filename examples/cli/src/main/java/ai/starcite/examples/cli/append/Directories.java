package ai.starcite.examples.cli.append;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** Directories that survive a crash of the machine. */
final class Directories {
  private static final boolean WINDOWS = System.getProperty("os.name").startsWith("Windows");

  private static final FileAttribute<?>[] NO_ATTRIBUTES = {};
  private static final FileAttribute<?>[] OWNER_ONLY = {
    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
  };

  private Directories() {}

  /** Makes a directory and its parents, durably, and readable by no other user. */
  static void create(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Path parent = directory.toAbsolutePath().getParent();
      if (parent != null) {
        create(parent);
      }
      Files.createDirectories(directory, WINDOWS ? NO_ATTRIBUTES : OWNER_ONLY);
      if (parent != null) {
        sync(parent);
      }
    }
  }

  /** Makes what was created or renamed in a directory durable. Windows does that by itself. */
  static void sync(Path directory) throws IOException {
    if (!WINDOWS) {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }
}
