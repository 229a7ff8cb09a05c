package ai.starcite.examples.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A transaction under way: statements with their parameters. */
final class Transaction {
  private final Connection connection;

  Transaction(Connection connection) {
    this.connection = connection;
  }

  /** Makes a value of the row that a result is at. */
  interface Row<T> {
    T map(ResultSet row) throws SQLException;
  }

  <T> List<T> all(String sql, Row<T> row, Object... parameters) throws SQLException {
    try (PreparedStatement statement = prepare(sql, parameters);
        ResultSet result = statement.executeQuery()) {
      List<T> all = new ArrayList<>();
      while (result.next()) {
        all.add(row.map(result));
      }
      return List.copyOf(all);
    }
  }

  <T> Optional<T> one(String sql, Row<T> row, Object... parameters) throws SQLException {
    return all(sql, row, parameters).stream().findFirst();
  }

  /** Changes rows, and returns how many. */
  int execute(String sql, Object... parameters) throws SQLException {
    try (PreparedStatement statement = prepare(sql, parameters)) {
      return statement.executeUpdate();
    }
  }

  /** Inserts a row, or returns false if its key is taken; then another transaction begins. */
  boolean insert(String sql, Object... parameters) throws SQLException {
    try {
      execute(sql, parameters);
      return true;
    } catch (SQLException e) {
      if (e.getSQLState() != null && e.getSQLState().startsWith("23")) {
        // PostgreSQL executes nothing more in a transaction in which something has failed.
        connection.rollback();
        return false;
      }
      throw e;
    }
  }

  private PreparedStatement prepare(String sql, Object... parameters) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < parameters.length; i++) {
      statement.setObject(i + 1, parameters[i]);
    }
    return statement;
  }
}
