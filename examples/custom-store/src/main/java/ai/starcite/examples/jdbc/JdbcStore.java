package ai.starcite.examples.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.spi.AppendOutcome;
import ai.starcite.spi.CreateOutcome;
import ai.starcite.spi.DeleteOutcome;
import ai.starcite.spi.Indefinite;
import ai.starcite.spi.ListRequest;
import ai.starcite.spi.ReadOutcome;
import ai.starcite.spi.RecordPage;
import ai.starcite.spi.Rejected;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SegmentStore;
import ai.starcite.spi.SessionKey;
import ai.starcite.spi.SessionRecord;
import ai.starcite.spi.StateCheckpoint;
import ai.starcite.spi.StoreCapabilities;
import ai.starcite.spi.StoreCapabilities.Durability;
import ai.starcite.spi.StoredSession;
import ai.starcite.spi.UpdateOutcome;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import javax.sql.DataSource;

/**
 * Keeps sessions in three tables of a relational database, which any number of processes may share.
 * Works as it is with PostgreSQL and H2; see {@link Sql} for others.
 *
 * <p>Every operation is one transaction. Those that change an existing session lock its row first,
 * so that they follow each other, whatever process they come from. The data source should be a
 * pool, leave transactions at {@code READ COMMITTED}, the default of both databases, and limit how
 * long a statement may take.
 *
 * <p>Thread-safe.
 */
public final class JdbcStore implements SegmentStore {
  private static final int MAX_SEGMENT_BYTES = 16 << 20;

  private final StoreCapabilities capabilities;
  private final Transactions transactions;

  private JdbcStore(DataSource dataSource, Durability durability, int threads) {
    this.capabilities = new StoreCapabilities(durability, true, MAX_SEGMENT_BYTES);
    this.transactions = new Transactions(dataSource, threads);
  }

  /**
   * Opens a store on a database that has its tables. Nothing is asked of the database yet.
   *
   * @param dataSource gives connections; remains the caller's to close, after the store
   * @param durability what a commit survives. PostgreSQL with {@code synchronous_commit} and {@code
   *     fsync} on, as they are by default: {@code MACHINE}. H2 in a file: {@code PROCESS}, and that
   *     only with {@code WRITE_DELAY=0} in its URL, since by default a killed process loses what it
   *     committed in its last half second. A store cannot find this out
   * @param threads how many transactions run at once, and so how many connections are used
   * @return the store
   */
  public static JdbcStore open(DataSource dataSource, Durability durability, int threads) {
    return new JdbcStore(dataSource, durability, threads);
  }

  /**
   * Creates the tables that are missing. For one process at a time; or leave it to the tool that
   * migrates your database.
   *
   * @param dataSource gives a connection
   * @throws SQLException if the database refuses
   */
  public static void createTables(DataSource dataSource) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      for (String table : Sql.TABLES) {
        statement.execute(table);
      }
    }
  }

  @Override
  public StoreCapabilities capabilities() {
    return capabilities;
  }

  @Override
  public CompletionStage<CreateOutcome> create(SessionRecord session) {
    return transactions.write(
        transaction -> create(transaction, session), Rejected::new, Indefinite::new);
  }

  private static CreateOutcome create(Transaction transaction, SessionRecord session)
      throws SQLException {
    byte[] id = id(session.key());
    byte[] epoch = epoch(session.key());
    while (!transaction.insert(Sql.CREATE, id, epoch, session.toBytes())) {
      Optional<SessionRecord> existing = transaction.one(Sql.RECORD, JdbcStore::record, id);
      if (existing.isPresent()) {
        return new CreateOutcome.Exists(existing.get());
      }
      // It was deleted in between: the id is free again.
    }
    return new CreateOutcome.Created();
  }

  @Override
  public CompletionStage<Optional<StoredSession>> load(String sessionId) {
    return transactions.read(
        transaction ->
            transaction.one(
                Sql.LOAD,
                row ->
                    new StoredSession(
                        record(row), row.getLong(2), checkpoint(row.getLong(3), row.getBytes(4))),
                sessionId.getBytes(UTF_8)));
  }

  private static Optional<StateCheckpoint> checkpoint(long nextSeq, byte[] content) {
    return Optional.ofNullable(content).map(bytes -> new StateCheckpoint(nextSeq, bytes));
  }

  @Override
  public CompletionStage<AppendOutcome> append(SessionKey key, Segment segment) {
    return transactions.write(
        transaction -> append(transaction, key, segment), Rejected::new, Indefinite::new);
  }

  private static AppendOutcome append(Transaction transaction, SessionKey key, Segment segment)
      throws SQLException {
    if (segment.length() > MAX_SEGMENT_BYTES) {
      throw new SessionLogException(
          Code.INVALID,
          "a segment of %d bytes is longer than %d, the limit of the JDBC store"
              .formatted(segment.length(), MAX_SEGMENT_BYTES));
    }
    Optional<Locked> locked = lock(transaction, key);
    if (locked.isEmpty()) {
      return new AppendOutcome.Gone();
    }
    long firstSeq = segment.firstSeq();
    long nextSeq = locked.get().nextSeq;
    boolean sealed = locked.get().sealed;
    if (firstSeq != nextSeq || sealed) {
      Optional<Segment> there =
          transaction.one(Sql.SEGMENT, JdbcStore::segment, epoch(key), firstSeq);
      if (there.isPresent() && there.get().token().equals(segment.token())) {
        return new AppendOutcome.Committed();
      }
      return firstSeq != nextSeq ? new AppendOutcome.Conflict(nextSeq) : new AppendOutcome.Sealed();
    }
    transaction.execute(
        Sql.APPEND, epoch(key), firstSeq, segment.nextSeq(), segment.length(), segment.bytes());
    transaction.execute(Sql.ADVANCE, segment.nextSeq(), id(key));
    if (segment.seals()) {
      replace(transaction, locked.get().record().sealedBy(segment));
    }
    return new AppendOutcome.Committed();
  }

  @Override
  public CompletionStage<ReadOutcome> read(SessionKey key, long fromSeq, int maxBytes) {
    return transactions.read(transaction -> read(transaction, key, fromSeq, maxBytes));
  }

  private static ReadOutcome read(
      Transaction transaction, SessionKey key, long fromSeq, int maxBytes) throws SQLException {
    byte[] epoch = epoch(key);
    List<long[]> lengths =
        transaction.all(
            Sql.LENGTHS,
            row -> new long[] {row.getLong(1), row.getLong(2)},
            epoch,
            epoch,
            fromSeq,
            fromSeq,
            fromSeq);
    int count = 0;
    long bytes = 0;
    while (count < lengths.size() && (count == 0 || bytes + lengths.get(count)[1] <= maxBytes)) {
      bytes += lengths.get(count++)[1];
    }
    List<Segment> segments =
        count == 0
            ? List.of()
            : transaction.all(
                Sql.SEGMENTS,
                JdbcStore::segment,
                epoch,
                lengths.get(0)[0],
                lengths.get(count - 1)[0]);
    // Asked last: segments never change, so if the session still lives, these are right.
    return transaction.one(Sql.EXISTS, row -> true, id(key), epoch).isPresent()
        ? new ReadOutcome.Segments(segments)
        : new ReadOutcome.Gone();
  }

  @Override
  public CompletionStage<UpdateOutcome> update(SessionRecord next, long expectedVersion) {
    return transactions.write(
        transaction -> update(transaction, next, expectedVersion), Rejected::new, Indefinite::new);
  }

  private static UpdateOutcome update(
      Transaction transaction, SessionRecord next, long expectedVersion) throws SQLException {
    Optional<SessionRecord> current = lock(transaction, next.key()).map(Locked::record);
    if (current.isEmpty()) {
      return new UpdateOutcome.Gone();
    }
    if (current.get().token().equals(next.token())) {
      return new UpdateOutcome.Updated();
    }
    if (current.get().version() != expectedVersion) {
      return new UpdateOutcome.Conflict(current.get());
    }
    replace(transaction, next);
    return new UpdateOutcome.Updated();
  }

  @Override
  public CompletionStage<RecordPage> list(ListRequest request) {
    return transactions.read(transaction -> list(transaction, request));
  }

  private static RecordPage list(Transaction transaction, ListRequest request) throws SQLException {
    byte[] prefix = request.prefix().getBytes(UTF_8);
    byte[] after = request.after().orElse("").getBytes(UTF_8);
    // No byte of UTF-8 is 0xFF, so this is behind all ids with the prefix, and before all others.
    byte[] end = Arrays.copyOf(prefix, prefix.length + 1);
    end[prefix.length] = (byte) 0xFF;
    int limit = request.limit();
    List<SessionRecord> records =
        transaction.all(Sql.LIST, JdbcStore::record, prefix, after, end, limit + 1L);
    return records.size() <= limit
        ? new RecordPage(records, Optional.empty())
        : new RecordPage(records.subList(0, limit), Optional.of(records.get(limit - 1).key().id()));
  }

  @Override
  public CompletionStage<DeleteOutcome> delete(SessionKey key) {
    return transactions.write(
        transaction -> delete(transaction, key), Rejected::new, Indefinite::new);
  }

  private static DeleteOutcome delete(Transaction transaction, SessionKey key) throws SQLException {
    if (lock(transaction, key).isEmpty()) {
      return new DeleteOutcome.Gone();
    }
    transaction.execute(Sql.DELETE_SEGMENTS, epoch(key));
    transaction.execute(Sql.DELETE_CHECKPOINT, epoch(key));
    transaction.execute(Sql.DELETE, id(key));
    return new DeleteOutcome.Deleted();
  }

  @Override
  public CompletionStage<Void> checkpoint(SessionKey key, StateCheckpoint checkpoint) {
    return transactions.read(
        transaction -> {
          // With the row locked, none is left behind by a delete, and update-or-insert is safe.
          if (lock(transaction, key).isPresent()) {
            Object[] values = {checkpoint.nextSeq(), checkpoint.bytes(), epoch(key)};
            if (transaction.execute(Sql.UPDATE_CHECKPOINT, values) == 0) {
              transaction.execute(Sql.INSERT_CHECKPOINT, values);
            }
          }
          return null;
        });
  }

  @Override
  public void close() {
    transactions.close();
  }

  /** What a session's row says, while no one else can change it. */
  private record Locked(long nextSeq, boolean sealed, byte[] bytes) {
    SessionRecord record() {
      return SessionRecord.fromBytes(bytes);
    }
  }

  private static Optional<Locked> lock(Transaction transaction, SessionKey key)
      throws SQLException {
    return transaction.one(
        Sql.LOCK,
        row -> new Locked(row.getLong(1), row.getBoolean(2), row.getBytes(3)),
        id(key),
        epoch(key));
  }

  private static void replace(Transaction transaction, SessionRecord next) throws SQLException {
    transaction.execute(Sql.REPLACE, next.toBytes(), next.sealed(), id(next.key()));
  }

  private static byte[] id(SessionKey key) {
    return key.id().getBytes(UTF_8);
  }

  private static byte[] epoch(SessionKey key) {
    return key.epoch().getBytes(UTF_8);
  }

  private static SessionRecord record(ResultSet row) throws SQLException {
    return SessionRecord.fromBytes(row.getBytes(1));
  }

  private static Segment segment(ResultSet row) throws SQLException {
    return Segment.of(row.getBytes(1));
  }
}
