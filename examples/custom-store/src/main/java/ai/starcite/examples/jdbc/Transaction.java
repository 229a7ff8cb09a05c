package ai.starcite.examples.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javax.sql.DataSource;

/** Statements on one connection. */
record Transaction(Connection connection) {
  interface Work<T> {
    T run(Transaction sql) throws SQLException;
  }

  interface Row<T> {
    T value(ResultSet row) throws SQLException;
  }

  static <T> T read(DataSource pool, Work<T> work) throws SQLException {
    try (Connection connection = pool.getConnection()) {
      return work.run(new Transaction(connection));
    }
  }

  /**
   * Does work and commits it. What fails before the commit and is rolled back is definite: then
   * {@code rejected} makes the outcome.
   *
   * @throws SQLException if nobody knows whether the work was committed
   */
  static <T> T write(DataSource pool, Function<Throwable, T> rejected, Work<T> work)
      throws SQLException {
    Connection connection;
    try {
      connection = pool.getConnection();
    } catch (SQLException e) {
      return rejected.apply(e);
    }
    try {
      T outcome;
      try {
        connection.setAutoCommit(false);
        outcome = work.run(new Transaction(connection));
      } catch (SQLException | RuntimeException e) {
        connection.rollback(); // If this throws, the pool may still commit the work.
        return rejected.apply(e);
      }
      connection.commit(); // If this throws, perhaps only the answer was lost.
      return outcome;
    } finally {
      try {
        connection.close();
      } catch (SQLException e) {
        // The outcome stands.
      }
    }
  }

  static boolean isDuplicate(Throwable cause) {
    return cause instanceof SQLException e && String.valueOf(e.getSQLState()).startsWith("23");
  }

  <T> List<T> all(String sql, Row<T> row, Object... values) throws SQLException {
    try (PreparedStatement statement = prepare(sql, values);
        ResultSet result = statement.executeQuery()) {
      List<T> all = new ArrayList<>();
      while (result.next()) {
        all.add(row.value(result));
      }
      return all;
    }
  }

  <T> Optional<T> one(String sql, Row<T> row, Object... values) throws SQLException {
    return all(sql, row, values).stream().findFirst();
  }

  int execute(String sql, Object... values) throws SQLException {
    try (PreparedStatement statement = prepare(sql, values)) {
      return statement.executeUpdate();
    }
  }

  private PreparedStatement prepare(String sql, Object... values) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
    return statement;
  }
}
