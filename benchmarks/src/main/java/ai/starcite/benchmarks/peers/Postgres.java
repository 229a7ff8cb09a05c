package ai.starcite.benchmarks.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/**
 * PostgreSQL over loopback, a connection for each writer, an insert committed for each call. It
 * starts with the first store and stops when it is closed.
 */
public final class Postgres implements Contender {
  /** Its name in tables and charts. */
  public static final String NAME = "PostgreSQL";

  private static final int ATTEMPTS = 600;

  private final LocalServer server;
  private final Process process;
  private final String url;

  private Postgres(LocalServer server, Process process, String url) {
    this.server = server;
    this.process = process;
    this.url = url;
  }

  /** Starts a server, if PostgreSQL is installed. */
  public static Optional<Contender> start(Path directory) throws Exception {
    Optional<Path> initdb = LocalServer.find("initdb");
    Optional<Path> postgres = LocalServer.find("postgres");
    if (initdb.isEmpty() || postgres.isEmpty()) {
      return Optional.empty();
    }
    LocalServer server = new LocalServer(directory.resolve("postgres"), "postgres");
    String data = server.directory().resolve("data").toString();
    server.run(
        initdb.get().toString(),
        "--pgdata=" + data,
        "--username=starcite",
        "--auth=trust",
        "--encoding=UTF8");
    int port = LocalServer.freePort();
    Process process =
        server.start(
            postgres.get().toString(),
            "-D",
            data,
            "-p",
            Integer.toString(port),
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "unix_socket_directories=",
            "-c",
            "shared_buffers=256MB",
            "-c",
            "max_connections=200",
            "-c",
            "max_wal_size=4GB",
            "-c",
            "fsync=on",
            "-c",
            "synchronous_commit=on");
    Postgres contender =
        new Postgres(
            server,
            process,
            "jdbc:postgresql://127.0.0.1:%d/postgres?user=starcite&prepareThreshold=1&reWriteBatchedInserts=true"
                .formatted(port));
    contender.awaitStart();
    return Optional.of(contender);
  }

  /** What the server says of its version, if it is installed. */
  public static Optional<String> version() throws IOException {
    return LocalServer.version("postgres");
  }

  private void awaitStart() throws Exception {
    SQLException last = null;
    for (int i = 0; i < ATTEMPTS && process.isAlive(); i++) {
      try {
        connect().close();
        return;
      } catch (SQLException e) {
        last = e;
        Thread.sleep(50);
      }
    }
    close();
    throw new IOException("PostgreSQL does not start", last);
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(url);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int writers() {
    return 4;
  }

  @Override
  public Store open(Path directory) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("DROP TABLE IF EXISTS events");
      Table.create(connection, "TEXT", "");
      statement.execute("CHECKPOINT");
    }
    Sequences sequences = new Sequences();
    return new Store() {
      @Override
      public Writer writer() throws SQLException {
        return new ConnectionWriter(connect(), sequences, () -> {});
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void close() throws Exception {
    server.stop(process);
  }
}
