package ai.starcite.examples.jdbc;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.starcite.spi.SegmentStore;
import ai.starcite.spi.StoreCapabilities.Durability;
import ai.starcite.testkit.Namespace;
import ai.starcite.testkit.SessionLogContract;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The JDBC store keeps the contract on PostgreSQL, where there is one on the machine. */
class PostgresStoreTest extends SessionLogContract {
  private static final Map<String, HikariDataSource> POOLS = new ConcurrentHashMap<>();
  private static PrivatePostgres server;

  @BeforeAll
  static void start() throws Exception {
    Optional<Path> binaries = PrivatePostgres.binaries();
    assumeTrue(
        binaries.isPresent(),
        "skipped, since PostgreSQL is not installed; on Debian: apt-get install postgresql");
    server = PrivatePostgres.start(binaries.get());
  }

  @AfterAll
  static void stop() throws Exception {
    if (server != null) {
      server.stop();
    }
  }

  @Override
  protected SegmentStore openStore(Namespace namespace) {
    return JdbcStore.open(
        POOLS.computeIfAbsent(namespace.name(), PostgresStoreTest::emptySchema),
        Durability.MACHINE,
        4);
  }

  @Override
  protected void remove(Namespace namespace) {
    HikariDataSource pool = POOLS.remove(namespace.name());
    if (pool == null) {
      return; // The test was skipped before it opened a store.
    }
    pool.close();
    try {
      server.execute("DROP SCHEMA " + namespace.name() + " CASCADE");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static HikariDataSource emptySchema(String name) {
    HikariDataSource pool = new HikariDataSource();
    pool.setDataSource(server.dataSource(name));
    pool.setMinimumIdle(0);
    try {
      server.execute("CREATE SCHEMA " + name);
      JdbcStore.createTables(pool);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return pool;
  }
}
