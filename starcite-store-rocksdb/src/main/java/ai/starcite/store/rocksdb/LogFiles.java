package ai.starcite.store.rocksdb;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.store.rocksdb.RecordLog.State;
import ai.starcite.store.rocksdb.RecordLog.Verdict;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log files of a database that is not open: its WALs and its MANIFEST. A process that opens it
 * settles them first: damage is refused, since RocksDB would skip some of it silently, and a write
 * that was cut off when the process or the machine died is removed. It was never acknowledged,
 * because the store acknowledges a write after its sync only, and begins no other before.
 */
final class LogFiles {
  private static final Logger LOGGER = LoggerFactory.getLogger(LogFiles.class);
  private static final String CURRENT = "CURRENT";
  private static final Pattern WAL = Pattern.compile("\\d{1,18}\\.log");
  private static final Pattern TABLE = Pattern.compile("\\d{1,18}\\.sst");
  private static final Pattern MANIFEST = Pattern.compile("MANIFEST-\\d{1,18}");

  private LogFiles() {}

  /** Whether a database is there. */
  static boolean holdsDatabase(Path directory) {
    return Files.exists(directory.resolve(CURRENT));
  }

  /** The WALs, oldest first. */
  static List<Path> wals(Path directory) throws IOException {
    return files(directory, WAL).stream()
        .sorted(Comparator.comparingLong(file -> Long.parseLong(name(file).split("\\.")[0])))
        .toList();
  }

  /**
   * Leaves only complete records in the log files, or throws {@code CORRUPT}. The caller holds the
   * directory's lock.
   *
   * @param mayBeNew whether there may be no database yet; else that is {@code STORE_UNAVAILABLE}
   */
  static void settle(Path directory, boolean mayBeNew) throws IOException {
    if (holdsDatabase(directory)) {
      Path current = directory.resolve(CURRENT);
      String manifest = Files.readString(current, StandardCharsets.ISO_8859_1).strip();
      if (MANIFEST.matcher(manifest).matches() && Files.exists(directory.resolve(manifest))) {
        settle(List.of(directory.resolve(manifest)));
      }
    } else if (!wals(directory).isEmpty() || !files(directory, TABLE).isEmpty()) {
      // RocksDB would take it for a new database and delete what is there.
      throw new SessionLogException(
          Code.CORRUPT,
          directory + " has lost its file CURRENT: restore the directory from a backup");
    } else if (!mayBeNew) {
      throw StoreDirectory.empty(directory);
    }
    settle(wals(directory));
  }

  private static void settle(List<Path> files) throws IOException {
    Map<Path, Verdict> torn = new LinkedHashMap<>();
    for (Path file : files) {
      Verdict verdict = RecordLog.judge(file);
      if (verdict.state() == State.DAMAGED) {
        throw damaged(file, verdict);
      }
      if (verdict.size() > 0 && !torn.isEmpty()) {
        Map.Entry<Path, Verdict> earlier = torn.entrySet().iterator().next();
        throw damaged(earlier.getKey(), earlier.getValue());
      }
      if (verdict.state() == State.TORN) {
        torn.put(file, verdict);
      }
    }
    for (Map.Entry<Path, Verdict> each : torn.entrySet()) {
      cut(each.getKey(), each.getValue());
    }
  }

  private static void cut(Path file, Verdict verdict) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(verdict.end());
      channel.force(true);
    }
    LOGGER.info(
        "removed the last {} bytes of {}: a write that was cut off and never acknowledged",
        verdict.size() - verdict.end(),
        file);
  }

  private static SessionLogException damaged(Path file, Verdict verdict) {
    return new SessionLogException(
        Code.CORRUPT,
        ("%s is damaged at byte %d of %d; acknowledged events may be behind that, so it is not"
                + " opened: check the disk and restore the directory from a backup")
            .formatted(file, verdict.at(), verdict.size()));
  }

  private static List<Path> files(Path directory, Pattern names) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> names.matcher(name(file)).matches()).toList();
    }
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }
}
