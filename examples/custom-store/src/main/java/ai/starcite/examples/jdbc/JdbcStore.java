package ai.starcite.examples.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.spi.AppendOutcome;
import ai.starcite.spi.BlockingSegmentStore;
import ai.starcite.spi.CreateOutcome;
import ai.starcite.spi.DeleteOutcome;
import ai.starcite.spi.ListRequest;
import ai.starcite.spi.ReadOutcome;
import ai.starcite.spi.RecordPage;
import ai.starcite.spi.Rejected;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SessionKey;
import ai.starcite.spi.SessionRecord;
import ai.starcite.spi.StateCheckpoint;
import ai.starcite.spi.StoreCapabilities;
import ai.starcite.spi.StoredSession;
import ai.starcite.spi.UpdateOutcome;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** Keeps sessions in the tables of {@code schema.sql}, which many processes may share. */
public final class JdbcStore extends BlockingSegmentStore {
  private static final int MAX_SEGMENT_BYTES = 16 << 20;
  private static final String CREATE =
      "INSERT INTO starcite_session (id, incarnation, next_seq, record) VALUES (?, ?, 1, ?)";
  private static final String LOAD =
      "SELECT record, next_seq, checkpoint_seq, checkpoint FROM starcite_session WHERE id = ?";
  private static final String LOCK = // makes other writers wait; without the checkpoint
      "SELECT record, next_seq, NULL, NULL FROM starcite_session WHERE incarnation = ? FOR UPDATE";
  private static final String REPLACE =
      "UPDATE starcite_session SET record = ? WHERE incarnation = ?";
  private static final String ADVANCE =
      "UPDATE starcite_session SET next_seq = ? WHERE incarnation = ?";
  private static final String DELETE = "DELETE FROM starcite_session WHERE incarnation = ?";
  private static final String CHECKPOINT =
      "UPDATE starcite_session SET checkpoint_seq = ?, checkpoint = ? WHERE incarnation = ?";
  private static final String LIST =
      "SELECT record FROM starcite_session WHERE id >= ? AND id > ? ORDER BY id LIMIT ?";
  private static final String APPEND =
      "INSERT INTO starcite_segment (incarnation, end_seq, byte_count, content) VALUES (?, ?, ?,"
          + " ?)";
  private static final String SIZES =
      "SELECT end_seq, byte_count FROM starcite_segment"
          + " WHERE incarnation = ? AND end_seq > ? ORDER BY incarnation, end_seq LIMIT 1000";
  private static final String SEGMENTS =
      "SELECT content FROM starcite_segment"
          + " WHERE incarnation = ? AND end_seq > ? AND end_seq <= ? ORDER BY incarnation, end_seq";

  private final DataSource pool;
  private final StoreCapabilities capabilities;

  /**
   * Makes a store over a pool of connections, which remains the caller's to close. The pool should
   * leave transactions at {@code READ COMMITTED}, and limit how long a statement may take. What a
   * commit survives is {@code MACHINE} for PostgreSQL as it comes, and {@code PROCESS} for H2 with
   * {@code WRITE_DELAY=0} in its URL.
   */
  public JdbcStore(DataSource pool, StoreCapabilities.Durability durability, int threads) {
    super("JDBC", threads);
    this.pool = pool;
    this.capabilities = new StoreCapabilities(durability, true, MAX_SEGMENT_BYTES);
  }

  @Override
  public StoreCapabilities capabilities() {
    return capabilities;
  }

  @Override
  protected CreateOutcome createNow(SessionRecord session) throws SQLException {
    byte[] id = utf8(session.key().id());
    CreateOutcome outcome =
        Transaction.write(
            pool,
            Rejected::new,
            sql -> {
              sql.execute(CREATE, id, utf8(session.key().incarnation()), session.toBytes());
              return new CreateOutcome.Created();
            });
    if (!(outcome instanceof Rejected failed) || !Transaction.isDuplicate(failed.cause())) {
      return outcome;
    }
    Optional<StoredSession> existing = loadNow(session.key().id());
    return existing.isPresent()
        ? new CreateOutcome.Exists(existing.get().record())
        : createNow(session); // It was deleted in between: the id is free again.
  }

  @Override
  protected Optional<StoredSession> loadNow(String sessionId) throws SQLException {
    return Transaction.read(pool, sql -> sql.one(LOAD, JdbcStore::session, utf8(sessionId)));
  }

  private static StoredSession session(ResultSet row) throws SQLException {
    long covered = row.getLong(3);
    Optional<StateCheckpoint> checkpoint =
        Optional.ofNullable(row.getBytes(4)).map(bytes -> new StateCheckpoint(covered, bytes));
    return new StoredSession(SessionRecord.fromBytes(row.getBytes(1)), row.getLong(2), checkpoint);
  }

  @Override
  protected AppendOutcome appendNow(SessionKey key, Segment segment) throws SQLException {
    if (segment.length() > MAX_SEGMENT_BYTES) {
      String problem = "a segment of " + segment.length() + " bytes is too long for this store";
      return new Rejected(new SessionLogException(Code.INVALID, problem));
    }
    return Transaction.write(pool, Rejected::new, sql -> append(sql, key, segment));
  }

  private static AppendOutcome append(Transaction sql, SessionKey key, Segment segment)
      throws SQLException {
    byte[] incarnation = utf8(key.incarnation());
    Optional<StoredSession> session = sql.one(LOCK, JdbcStore::session, incarnation);
    if (session.isEmpty()) {
      return new AppendOutcome.Gone();
    }
    SessionRecord record = session.get().record();
    long firstSeq = segment.firstSeq();
    long nextSeq = session.get().nextSeq();
    if (firstSeq != nextSeq || record.sealed()) {
      List<Segment> stored = segments(sql, key, firstSeq, 0);
      if (!stored.isEmpty() && stored.get(0).token().equals(segment.token())) {
        return new AppendOutcome.Committed(); // by an earlier attempt
      }
      return firstSeq != nextSeq ? new AppendOutcome.Conflict(nextSeq) : new AppendOutcome.Sealed();
    }
    long endSeq = Math.max(segment.nextSeq(), firstSeq + 1);
    sql.execute(APPEND, incarnation, endSeq, segment.length(), segment.bytes());
    sql.execute(ADVANCE, segment.nextSeq(), incarnation);
    if (segment.seals()) {
      sql.execute(REPLACE, record.sealedBy(segment).toBytes(), incarnation);
    }
    return new AppendOutcome.Committed();
  }

  @Override
  protected ReadOutcome readNow(SessionKey key, long fromSeq, int maxBytes) throws SQLException {
    List<Segment> segments = Transaction.read(pool, sql -> segments(sql, key, fromSeq, maxBytes));
    // They are deleted with their session, all at once: if there are some, the session lives.
    return segments.isEmpty()
            && loadNow(key.id()).filter(found -> found.record().key().equals(key)).isEmpty()
        ? new ReadOutcome.Gone()
        : new ReadOutcome.Segments(segments);
  }

  /** Reads the segment that contains a seq, and those after it as long as all of them fit. */
  private static List<Segment> segments(Transaction sql, SessionKey key, long fromSeq, int maxBytes)
      throws SQLException {
    byte[] incarnation = utf8(key.incarnation());
    long endSeq = 0;
    long bytes = 0;
    for (long[] size :
        sql.all(SIZES, row -> new long[] {row.getLong(1), row.getLong(2)}, incarnation, fromSeq)) {
      bytes += size[1];
      endSeq = endSeq == 0 || bytes <= maxBytes ? size[0] : endSeq;
    }
    return endSeq == 0
        ? List.of()
        : sql.all(SEGMENTS, row -> Segment.of(row.getBytes(1)), incarnation, fromSeq, endSeq);
  }

  @Override
  protected UpdateOutcome updateNow(SessionRecord next, long expectedVersion) throws SQLException {
    byte[] incarnation = utf8(next.key().incarnation());
    return Transaction.write(
        pool,
        Rejected::new,
        sql -> {
          Optional<StoredSession> session = sql.one(LOCK, JdbcStore::session, incarnation);
          if (session.isEmpty()) {
            return new UpdateOutcome.Gone();
          }
          SessionRecord current = session.get().record();
          if (current.version() == expectedVersion) {
            sql.execute(REPLACE, next.toBytes(), incarnation);
          } else if (!current.token().equals(next.token())) {
            return new UpdateOutcome.Conflict(current);
          }
          return new UpdateOutcome.Updated();
        });
  }

  @Override
  protected RecordPage listNow(ListRequest request) throws SQLException {
    int limit = request.limit();
    Object[] values = {utf8(request.prefix()), utf8(request.after().orElse("")), limit + 1L};
    List<SessionRecord> found =
        Transaction.read(
                pool, sql -> sql.all(LIST, row -> SessionRecord.fromBytes(row.getBytes(1)), values))
            .stream()
            .takeWhile(record -> record.key().id().startsWith(request.prefix()))
            .toList();
    return found.size() <= limit
        ? new RecordPage(found, Optional.empty())
        : new RecordPage(found.subList(0, limit), Optional.of(found.get(limit - 1).key().id()));
  }

  @Override
  protected DeleteOutcome deleteNow(SessionKey key) throws SQLException {
    return Transaction.write(
        pool,
        Rejected::new,
        sql ->
            sql.execute(DELETE, utf8(key.incarnation())) > 0
                ? new DeleteOutcome.Deleted()
                : new DeleteOutcome.Gone());
  }

  @Override
  protected void checkpointNow(SessionKey key, StateCheckpoint checkpoint) throws SQLException {
    Object[] values = {checkpoint.nextSeq(), checkpoint.bytes(), utf8(key.incarnation())};
    Transaction.write(pool, failure -> 0, sql -> sql.execute(CHECKPOINT, values));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }
}
