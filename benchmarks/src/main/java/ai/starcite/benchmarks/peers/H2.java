package ai.starcite.benchmarks.peers;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * H2 in this process, a connection for each writer. Its commits alone are not durable: it syncs
 * some time later, if at all. So each is followed by a checkpoint with a sync.
 */
public final class H2 implements Contender {
  /** Its name in tables and charts. */
  public static final String NAME = "H2";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Store open(Path directory) throws SQLException {
    String url = "jdbc:h2:file:" + directory.resolve("events").toAbsolutePath();
    Connection keeper = DriverManager.getConnection(url);
    Table.create(keeper, "CHARACTER VARYING", "");
    Sequences sequences = new Sequences();
    return new Store() {
      @Override
      public Writer writer() throws SQLException {
        Connection connection = DriverManager.getConnection(url);
        PreparedStatement checkpoint = connection.prepareStatement("CHECKPOINT SYNC");
        return new ConnectionWriter(connection, sequences, checkpoint::execute);
      }

      @Override
      public void close() throws SQLException {
        keeper.close();
      }
    };
  }
}
