package ai.starcite.store.rocksdb;

import ai.starcite.SessionLogException;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SessionKey;
import ai.starcite.spi.SessionRecord;
import ai.starcite.spi.StateCheckpoint;
import ai.starcite.store.rocksdb.Heads.Head;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * What is written with one sync. Commands are decided against the heads, which the earlier commands
 * of the batch have moved on, and against the database, which they have not: see {@link
 * #hasTouched}. Not thread-safe.
 */
final class Batch implements AutoCloseable {
  /** So many segments are deleted one by one. */
  private static final int FEW = 64;

  private final Database database;
  private final Heads heads;
  private final BatchMemory memory;
  private final WriteBatch writes;
  private final Set<String> touched = new HashSet<>();
  private @Nullable View view;
  private int deletions;

  Batch(Database database, Heads heads, BatchMemory memory) {
    this.database = database;
    this.heads = heads;
    this.memory = memory;
    this.writes = memory.empty();
  }

  /** Whether the batch changes this session, so that the database does not show its true state. */
  boolean hasTouched(String sessionId) {
    return touched.contains(sessionId);
  }

  /** The session's head as this batch leaves it, or null if there is no such session. */
  @Nullable Head head(String sessionId) {
    Head head = heads.get(sessionId);
    if (head == null && !hasTouched(sessionId)) {
      Optional<SessionRecord> found = record(sessionId);
      if (found.isPresent()) {
        SessionRecord record = found.get();
        head =
            new Head(record.key().incarnation(), Head.UNKNOWN, record.version(), record.sealed());
        heads.put(sessionId, head);
      }
    }
    return head;
  }

  /**
   * The session's next seq as this batch leaves it. Apart from {@link #head}, so that a session
   * whose segments cannot be read can be deleted.
   */
  long nextSeq(Head head, SessionKey session) {
    if (head.nextSeq == Head.UNKNOWN) {
      head.nextSeq = view().nextSeq(session);
    }
    return head.nextSeq;
  }

  /** The session's record as it was before this batch. */
  Optional<SessionRecord> record(String sessionId) {
    return view().record(sessionId);
  }

  /** A segment as it was before this batch. */
  Optional<Segment> segmentAt(SessionKey session, long firstSeq) {
    return view().segmentAt(session, firstSeq);
  }

  void create(SessionRecord record) throws RocksDBException {
    put(record);
    SessionKey key = record.key();
    heads.put(key.id(), new Head(key.incarnation(), 1, record.version(), record.sealed()));
  }

  void replace(Head head, SessionRecord record) throws RocksDBException {
    put(record);
    head.version = record.version();
    head.sealed = record.sealed();
  }

  private void put(SessionRecord record) throws RocksDBException {
    String id = record.key().id();
    writes.put(database.handle(Family.RECORDS), Keys.record(id), record.toBytes());
    touched.add(id);
  }

  void append(Head head, SessionKey session, Segment segment) throws RocksDBException {
    byte[] incarnation = head.incarnationBytes;
    if (incarnation == null) {
      incarnation = Keys.incarnation(head.incarnation);
      head.incarnationBytes = incarnation;
    }
    byte[] key = Keys.segment(incarnation, segment.firstSeq());
    memory.put(database.handle(Family.SEGMENTS), key, segment);
    head.nextSeq = segment.nextSeq();
    touched.add(session.id());
  }

  void checkpoint(SessionKey session, StateCheckpoint checkpoint) throws RocksDBException {
    byte[] state = checkpoint.bytes();
    byte[] value =
        ByteBuffer.allocate(Long.BYTES + state.length)
            .putLong(checkpoint.nextSeq())
            .put(state)
            .array();
    writes.put(database.handle(Family.CHECKPOINTS), Keys.incarnation(session.incarnation()), value);
  }

  void delete(SessionKey session) throws RocksDBException {
    byte[] incarnation = Keys.incarnation(session.incarnation());
    writes.delete(database.handle(Family.RECORDS), Keys.record(session.id()));
    writes.delete(database.handle(Family.CHECKPOINTS), incarnation);
    ColumnFamilyHandle segments = database.handle(Family.SEGMENTS);
    List<byte[]> keys = hasTouched(session.id()) ? List.of() : fewKeys(session, incarnation);
    if (keys.isEmpty()) {
      writes.deleteRange(segments, Keys.segment(incarnation, 0), Keys.segmentsEnd(incarnation));
    } else {
      for (byte[] key : keys) {
        writes.delete(segments, key);
      }
    }
    heads.remove(session.id());
    touched.add(session.id());
    deletions++;
  }

  /**
   * The keys of the session's segments, or none if there are many or they cannot be read. Until
   * they are sorted into tables, range deletions slow down every read of every session.
   */
  private List<byte[]> fewKeys(SessionKey session, byte[] incarnation) {
    List<byte[]> keys = new ArrayList<>();
    try (SegmentCursor cursor = view().segments(session)) {
      cursor.seekAtOrAfter(1);
      while (cursor.isValid() && keys.size() <= FEW) {
        keys.add(Keys.segment(incarnation, cursor.firstSeq()));
        cursor.next(cursor.firstSeq());
      }
    } catch (SessionLogException e) {
      return List.of();
    }
    return keys.size() <= FEW ? keys : List.of();
  }

  /** Begins a command, which {@link #undo} takes out of the batch. */
  void mark() {
    writes.setSavePoint();
  }

  /** Takes out what was written since the last mark, for the one session that it was about. */
  void undo(String sessionId) throws RocksDBException {
    writes.rollbackToSavePoint();
    // It may be ahead of what is left. If the batch holds earlier writes, its next command waits.
    heads.remove(sessionId);
  }

  boolean isEmpty() {
    return writes.count() == 0;
  }

  long bytes() {
    return writes.getDataSize();
  }

  void write() throws RocksDBException {
    database.write(writes);
    database.deletedRecords(deletions);
  }

  private View view() {
    if (view == null) {
      view = new View(database);
    }
    return view;
  }

  @Override
  public void close() {
    if (view != null) {
      view.close();
    }
  }
}
