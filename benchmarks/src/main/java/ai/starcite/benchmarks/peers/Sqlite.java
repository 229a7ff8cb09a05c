package ai.starcite.benchmarks.peers;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * SQLite with a write-ahead log, synced at every commit. It has one writer at a time, so that all
 * threads share one connection: with one each, they would wait for each other by sleeping.
 */
public final class Sqlite implements Contender {
  /** Its name in tables and charts. */
  public static final String NAME = "SQLite";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Open open(Path directory) throws SQLException {
    return new Open(directory);
  }

  /** A database that is open. */
  public static final class Open implements Store {
    private final ReentrantLock lock = new ReentrantLock();
    private final Connection connection;
    private final Table table;

    private Open(Path directory) throws SQLException {
      connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("events.db"));
      try (Statement statement = connection.createStatement()) {
        statement.execute("PRAGMA journal_mode = WAL");
        statement.execute("PRAGMA synchronous = FULL");
        statement.execute("PRAGMA cache_size = -65536");
        statement.execute("PRAGMA wal_autocheckpoint = 10000");
      }
      Table.create(connection, "TEXT", " WITHOUT ROWID");
      connection.setAutoCommit(false);
      table = new Table(connection, new Sequences());
    }

    /** The connection. */
    public Connection connection() {
      return connection;
    }

    @Override
    public Writer writer() {
      return new Writer() {
        @Override
        public void append(Entry entry) throws SQLException {
          lock.lock();
          try {
            table.insert(entry);
            connection.commit();
          } finally {
            lock.unlock();
          }
        }

        @Override
        public void appendAll(List<Entry> entries) throws SQLException {
          lock.lock();
          try {
            table.insertAll(entries);
            connection.commit();
          } finally {
            lock.unlock();
          }
        }
      };
    }

    @Override
    public void close() throws SQLException {
      table.close();
      connection.close();
    }
  }
}
