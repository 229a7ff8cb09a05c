package ai.starcite.examples.jdbc;

import ai.starcite.spi.SegmentStore;
import ai.starcite.spi.StoreCapabilities.Durability;
import ai.starcite.testkit.Namespace;
import ai.starcite.testkit.SessionLogContract;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;

/** The JDBC store keeps the contract on H2, with its files in a directory. */
class JdbcStoreTest extends SessionLogContract {
  @Override
  protected SegmentStore openStore(Namespace namespace) {
    DataSource database = database(namespace.directory());
    try {
      Schema.create(database);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return new JdbcStore(database, Durability.PROCESS, 4);
  }

  /** Goes on with what H2 has written to its files, which is all that outlives its process. */
  @Override
  protected SegmentStore crash(SegmentStore running, Namespace namespace) {
    Path abandoned = namespace.directory();
    namespace.continueOnCopy();
    shutDown(abandoned);
    return openStore(namespace);
  }

  @Override
  protected void remove(Namespace namespace) {
    shutDown(namespace.directory());
  }

  /**
   * Several stores of this process share the database, which stays open between connections. With
   * H2's default of WRITE_DELAY=500, the tests of crashes fail.
   */
  private static DataSource database(Path directory) {
    JdbcDataSource database = new JdbcDataSource();
    database.setURL(
        "jdbc:h2:file:%s/sessions;WRITE_DELAY=0;DB_CLOSE_DELAY=-1".formatted(directory));
    return database;
  }

  private static void shutDown(Path directory) {
    try (Connection connection = database(directory).getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("SHUTDOWN IMMEDIATELY");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
