package ai.starcite.benchmarks.peers;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The table of events that each SQL database has, and a connection's prepared insert. */
final class Table implements AutoCloseable {
  /** Creates the table; the database may append how it is stored. */
  static final String CREATE =
      """
      CREATE TABLE events (
        session VARCHAR(64) NOT NULL,
        seq BIGINT NOT NULL,
        producer_id VARCHAR(64) NOT NULL,
        producer_seq BIGINT NOT NULL,
        event %s NOT NULL,
        PRIMARY KEY (session, seq),
        UNIQUE (session, producer_id, producer_seq)
      )\
      """;

  private final PreparedStatement insert;
  private final Sequences sequences;

  Table(Connection connection, Sequences sequences) throws SQLException {
    this.sequences = sequences;
    this.insert =
        connection.prepareStatement(
            "INSERT INTO events (session, seq, producer_id, producer_seq, event)"
                + " VALUES (?, ?, ?, ?, ?)");
  }

  static void create(Connection connection, String textType, String suffix) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(CREATE.formatted(textType) + suffix);
    }
  }

  void insert(Entry entry) throws SQLException {
    set(entry);
    insert.executeUpdate();
  }

  void insertAll(List<Entry> entries) throws SQLException {
    for (Entry entry : entries) {
      set(entry);
      insert.addBatch();
    }
    insert.executeBatch();
  }

  private void set(Entry entry) throws SQLException {
    insert.setString(1, entry.session());
    insert.setLong(2, sequences.next(entry.session()));
    insert.setString(3, entry.producer());
    insert.setLong(4, entry.producerSeq());
    insert.setString(5, entry.payload().text());
  }

  @Override
  public void close() throws SQLException {
    insert.close();
  }
}
