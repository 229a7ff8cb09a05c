package ai.starcite.examples.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.spi.AppendOutcome;
import ai.starcite.spi.CreateOutcome;
import ai.starcite.spi.DeleteOutcome;
import ai.starcite.spi.Indefinite;
import ai.starcite.spi.Rejected;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SegmentStore;
import ai.starcite.spi.SessionKey;
import ai.starcite.spi.SessionRecord;
import ai.starcite.spi.StoreCapabilities.Durability;
import ai.starcite.spi.UpdateOutcome;
import ai.starcite.testkit.contract.StoreData;
import java.util.UUID;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What failures of the database become. */
class JdbcFailureTest {
  private final SessionKey key = StoreData.key("session");
  private final SessionRecord record = StoreData.record(key);
  private final Segment segment = StoreData.segment(1, 2);
  private FaultyDatabase database;
  private SegmentStore store;

  @BeforeEach
  void open() throws Exception {
    JdbcDataSource h2 = new JdbcDataSource();
    h2.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    Schema.create(h2);
    database = new FaultyDatabase(h2);
    store = new JdbcStore(database.dataSource(), Durability.NONE, 2);
    assertThat(StoreData.await(store.create(record))).isEqualTo(new CreateOutcome.Created());
  }

  @AfterEach
  void close() {
    store.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"getConnection", "setAutoCommit", "prepareStatement"})
  @DisplayName("APP-7: a failure before the commit is definite, and nothing is written")
  void failureBeforeCommit_isRejected(String method) {
    database.failBefore(method);
    assertThat(append()).isInstanceOf(Rejected.class);
    assertNothingWritten();
    database.failBefore(method);
    assertThat(StoreData.await(store.update(StoreData.retitled(record, "x"), 1)))
        .isInstanceOf(Rejected.class);
    database.failBefore(method);
    assertThat(StoreData.await(store.delete(key))).isInstanceOf(Rejected.class);
    assertNothingWritten();
  }

  @Test
  @DisplayName("APP-7: a rollback that fails leaves it unknown")
  void failureOfRollback_isIndefinite() {
    database.failBefore("prepareStatement").failBefore("rollback");
    assertThat(append()).isInstanceOf(Indefinite.class);
    assertThat(append()).isEqualTo(new AppendOutcome.Committed());
  }

  @Test
  @DisplayName("APP-7: a commit whose answer is lost is unknown, and a repeat finds it stored")
  void lostCommit_isIndefinite_andRepeatIsCommitted() {
    database.failAfter("commit");
    assertThat(append()).isInstanceOf(Indefinite.class);
    assertThat(append()).isEqualTo(new AppendOutcome.Committed());
    assertThat(StoreData.await(store.load(key.id())).orElseThrow().nextSeq()).isEqualTo(3);

    SessionRecord next = StoreData.retitled(record, "next");
    database.failAfter("commit");
    assertThat(StoreData.await(store.update(next, 1))).isInstanceOf(Indefinite.class);
    assertThat(StoreData.await(store.update(next, 1))).isEqualTo(new UpdateOutcome.Updated());

    database.failAfter("commit");
    assertThat(StoreData.await(store.delete(key))).isInstanceOf(Indefinite.class);
    assertThat(StoreData.await(store.delete(key))).isEqualTo(new DeleteOutcome.Gone());
  }

  @Test
  @DisplayName("APP-7: a commit that fails is unknown, and a repeat stores it")
  void failedCommit_isIndefinite_andRepeatIsCommitted() {
    database.failBefore("commit");
    assertThat(append()).isInstanceOf(Indefinite.class);
    assertThat(append()).isEqualTo(new AppendOutcome.Committed());
    assertThat(StoreData.await(store.load(key.id())).orElseThrow().nextSeq()).isEqualTo(3);
  }

  @Test
  @DisplayName("APP-1: a connection that cannot be closed takes back nothing")
  void failureOfClose_isOfNoConsequence() {
    database.failBefore("close");
    assertThat(append()).isEqualTo(new AppendOutcome.Committed());
  }

  private AppendOutcome append() {
    return StoreData.await(store.append(key, segment));
  }

  private void assertNothingWritten() {
    assertThat(StoreData.await(store.load(key.id())))
        .hasValueSatisfying(
            stored -> {
              assertThat(stored.record()).isEqualTo(record);
              assertThat(stored.nextSeq()).isEqualTo(1);
            });
  }
}
