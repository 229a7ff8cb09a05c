package ai.starcite.examples.jdbc;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.starcite.spi.SegmentStore;
import ai.starcite.spi.StoreCapabilities.Durability;
import ai.starcite.testkit.Namespace;
import ai.starcite.testkit.SessionLogContract;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The JDBC store keeps the contract on PostgreSQL, where there is one on the machine.
 *
 * <p>The server starts with the first store and stops with the process, not in {@code @BeforeAll}
 * and {@code @AfterAll}: those are Jupiter's alone, and jqwik runs a part of the kit.
 */
class PostgresStoreTest extends SessionLogContract {
  private static final Map<String, HikariDataSource> POOLS = new ConcurrentHashMap<>();

  @Override
  protected SegmentStore openStore(Namespace namespace) {
    return new JdbcStore(
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
      server().execute("DROP SCHEMA " + namespace.name() + " CASCADE");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static PrivatePostgres server() {
    assumeTrue(
        PrivatePostgres.isInstalled(),
        "skipped, since PostgreSQL is not installed; on Debian: apt-get install postgresql");
    return PrivatePostgres.running();
  }

  private static HikariDataSource emptySchema(String name) {
    PrivatePostgres server = server();
    HikariDataSource pool = new HikariDataSource();
    pool.setDataSource(server.dataSource(name));
    pool.setMinimumIdle(0);
    try {
      server.execute("CREATE SCHEMA " + name);
      Schema.create(pool);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return pool;
  }
}
