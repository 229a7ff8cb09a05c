package ai.starcite.benchmarks;

import ai.starcite.benchmarks.peers.Postgres;
import ai.starcite.benchmarks.peers.Redis;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.rocksdb.RocksDB;

/** What the figures were measured on. */
public final class Machine {
  private Machine() {}

  /** What is to be known of this machine, its software, and the disk of a directory. */
  public static Map<String, String> of(Path directory) throws IOException {
    Map<String, String> facts = new LinkedHashMap<>();
    Runtime runtime = Runtime.getRuntime();
    facts.put("processor", processor() + ", " + runtime.availableProcessors() + " cores");
    FileStore disk = Files.getFileStore(directory);
    facts.put("memory", memory());
    facts.put("file system", disk.type());
    facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    facts.put("Java", Runtime.version() + ", " + System.getProperty("java.vm.name"));
    RocksDB.loadLibrary();
    facts.put("RocksDB", RocksDB.rocksdbVersion().toString());
    facts.put("SQLite", version("jdbc:sqlite::memory:"));
    facts.put("H2", version("jdbc:h2:mem:"));
    facts.put(Postgres.NAME, Postgres.version().orElse("not installed, so not measured"));
    facts.put(Redis.NAME, Redis.version().orElse("not installed, so not measured"));
    return facts;
  }

  private static String processor() {
    return line(Path.of("/proc/cpuinfo"), "model name", System.getProperty("os.arch"));
  }

  private static String memory() {
    String line = line(Path.of("/proc/meminfo"), "MemTotal", "");
    return line.isEmpty()
        ? "unknown"
        : Long.parseLong(line.replaceAll("\\D", "")) / (1 << 20) + " GiB";
  }

  private static String line(Path file, String name, String otherwise) {
    try {
      List<String> lines = Files.isReadable(file) ? Files.readAllLines(file) : List.of();
      return lines.stream()
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(':') + 1).trim())
          .findFirst()
          .orElse(otherwise);
    } catch (IOException e) {
      return otherwise;
    }
  }

  private static String version(String url) throws IOException {
    try (Connection connection = DriverManager.getConnection(url)) {
      return connection.getMetaData().getDatabaseProductVersion();
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }
}
