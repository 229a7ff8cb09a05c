package ai.starcite.examples.jdbc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A PostgreSQL server of its own in a temporary directory, with the settings that it comes with. It
 * starts when it is first asked for and stops with this process.
 */
final class PrivatePostgres {
  private static final Path DEBIAN = Path.of("/usr/lib/postgresql");
  private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

  private static PrivatePostgres running;

  private final Path binaries;
  private final Path directory;
  private final int port;

  private PrivatePostgres(Path binaries, Path directory, int port) {
    this.binaries = binaries;
    this.directory = directory;
    this.port = port;
  }

  static boolean isInstalled() {
    return binaries().isPresent();
  }

  static synchronized PrivatePostgres running() {
    if (running == null) {
      try {
        running = start(binaries().orElseThrow());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
      Runtime.getRuntime().addShutdownHook(new Thread(running::stop));
    }
    return running;
  }

  /** Where the server's programs are on this machine, if they are. */
  private static Optional<Path> binaries() {
    List<Path> candidates = new ArrayList<>();
    for (String each : System.getenv().getOrDefault("PATH", "").split(":")) {
      candidates.add(Path.of(each));
    }
    if (Files.isDirectory(DEBIAN)) {
      try (Stream<Path> versions = Files.list(DEBIAN)) {
        versions
            .sorted(Comparator.comparing(Path::toString).reversed())
            .forEach(version -> candidates.add(version.resolve("bin")));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return candidates.stream()
        .filter(each -> Files.isExecutable(each.resolve("initdb")))
        .filter(each -> Files.isExecutable(each.resolve("pg_ctl")))
        .findFirst();
  }

  private static PrivatePostgres start(Path binaries) throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("starcite-postgres");
    PrivatePostgres server = new PrivatePostgres(binaries, directory, freePort());
    if (ROOT) {
      run(List.of("chown", "postgres", directory.toString()));
    }
    server.asServer("initdb", "--username=starcite", "--auth=trust", "--encoding=UTF8");
    server.asServer(
        "pg_ctl",
        "--wait",
        "--log=" + directory.resolve("log"),
        "--options=-p %d -c fsync=off -c listen_addresses=127.0.0.1 -c unix_socket_directories="
            .formatted(server.port),
        "start");
    return server;
  }

  /** Gives connections that see the tables of one schema. */
  PGSimpleDataSource dataSource(String schema) {
    PGSimpleDataSource dataSource = new PGSimpleDataSource();
    dataSource.setServerNames(new String[] {"127.0.0.1"});
    dataSource.setPortNumbers(new int[] {port});
    dataSource.setDatabaseName("postgres");
    dataSource.setUser("starcite");
    dataSource.setCurrentSchema(schema);
    return dataSource;
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = dataSource("public").getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private void stop() {
    try {
      asServer("pg_ctl", "--wait", "--mode=immediate", "stop");
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException("the server in " + directory + " may still run", e);
    }
  }

  /** PostgreSQL refuses to run as root. */
  private void asServer(String program, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    if (ROOT) {
      command.addAll(
          List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"));
    }
    command.add(binaries.resolve(program).toString());
    command.add("--pgdata=" + directory.resolve("data"));
    command.addAll(List.of(arguments));
    run(command);
  }

  private static void run(List<String> command) throws IOException, InterruptedException {
    Path output = Files.createTempFile("starcite-postgres", ".txt");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IOException(command + " failed: " + Files.readString(output));
      }
    } finally {
      Files.delete(output);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
