package ai.starcite.store.rocksdb;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The file that names the format of a directory, in one line: it is there before the database is,
 * and is read before RocksDB touches anything.
 */
final class FormatFile {
  private static final int FORMAT = 1;
  private static final String NAME = "starcite.format";
  private static final String TEMPORARY = NAME + ".tmp";

  /** What a file system puts into its topmost directory. */
  private static final String OF_NEW_VOLUMES = "lost+found";

  private static final String LINE = "starcite-rocksdb " + FORMAT + "\n";
  private static final Pattern ANY_FORMAT = Pattern.compile("starcite-rocksdb ([1-9]\\d{0,8})\n");
  private static final Pattern DATABASE_FILE =
      Pattern.compile("CURRENT|IDENTITY|LOCK|(MANIFEST|OPTIONS)-\\d+|\\d+\\.(log|sst)");

  private FormatFile() {}

  /**
   * Checks that the directory is one of this format, or one that can become so. Changes nothing.
   *
   * @return whether the directory has its format file
   */
  static boolean check(Path directory) throws IOException {
    Path file = directory.resolve(NAME);
    if (Files.notExists(file)) {
      requireNothingForeign(directory);
      return false;
    }
    Matcher format = ANY_FORMAT.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
    if (!format.matches()) {
      throw new SessionLogException(
          Code.CORRUPT, file + " is damaged: it should read \"" + LINE.strip() + "\"");
    }
    int number = Integer.parseInt(format.group(1));
    if (number > FORMAT) {
      throw new SessionLogException(
          Code.INVALID,
          ("%s was written by a newer Starcite: format %d; this version reads up to %d: use a newer"
                  + " version")
              .formatted(directory, number, FORMAT));
    }
    return true;
  }

  /** Writes the format file, so that after a crash it is there as a whole or not at all. */
  static void write(Path directory) throws IOException {
    Path temporary = directory.resolve(TEMPORARY);
    try (FileChannel channel =
        Permissions.open(
            temporary,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(LINE.getBytes(StandardCharsets.ISO_8859_1)));
      channel.force(true);
    }
    Files.move(temporary, directory.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
    StoreDirectory.sync(directory);
  }

  /** A directory of other files was named by mistake, and a database has lost its format file. */
  private static void requireNothingForeign(Path directory) throws IOException {
    List<String> foreign;
    try (Stream<Path> files = Files.list(directory)) {
      foreign =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> !isExpected(name))
              .sorted()
              .toList();
    }
    if (foreign.stream().anyMatch(name -> DATABASE_FILE.matcher(name).matches())) {
      throw new SessionLogException(
          Code.INVALID,
          directory
              + " is not a Starcite directory: it holds a RocksDB database, but no "
              + NAME
              + "; use another directory, or restore that file if it was lost");
    }
    if (!foreign.isEmpty()) {
      throw new SessionLogException(
          Code.INVALID,
          "%s is not a Starcite directory: it holds other files, such as %s; use a directory that is empty or does not exist"
              .formatted(directory, foreign.get(0)));
    }
  }

  private static boolean isExpected(String name) {
    return name.equals(TEMPORARY) || name.equals(OF_NEW_VOLUMES) || LockFile.isName(name);
  }
}
