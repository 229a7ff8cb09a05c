package ai.starcite.benchmarks.peers;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Writes with a connection of its own, and has a commit followed by what makes it durable. */
final class ConnectionWriter implements Contender.Writer {
  private final Connection connection;
  private final Table table;
  private final Durable durable;

  /** What a database needs beyond a commit. */
  interface Durable {
    void make() throws SQLException;
  }

  ConnectionWriter(Connection connection, Sequences sequences, Durable durable)
      throws SQLException {
    this.connection = connection;
    this.durable = durable;
    connection.setAutoCommit(true);
    this.table = new Table(connection, sequences);
  }

  @Override
  public void append(Entry entry) throws SQLException {
    table.insert(entry);
    durable.make();
  }

  @Override
  public void appendAll(List<Entry> entries) throws SQLException {
    connection.setAutoCommit(false);
    table.insertAll(entries);
    connection.commit();
    connection.setAutoCommit(true);
    durable.make();
  }

  @Override
  public void close() throws SQLException {
    table.close();
    connection.close();
  }
}
