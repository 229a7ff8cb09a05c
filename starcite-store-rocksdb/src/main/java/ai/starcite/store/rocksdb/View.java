package ai.starcite.store.rocksdb;

import ai.starcite.SessionLogException;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SessionKey;
import ai.starcite.spi.SessionRecord;
import ai.starcite.spi.StateCheckpoint;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.Snapshot;

/**
 * What a database holds at one moment: everything that is read through one view fits together.
 * Short-lived, not thread-safe.
 */
final class View implements AutoCloseable {
  private final Database database;
  private final Snapshot snapshot;
  private final ReadOptions options;

  View(Database database) {
    this.database = database;
    this.snapshot = database.snapshot();
    this.options = new ReadOptions().setVerifyChecksums(true).setSnapshot(snapshot);
  }

  Optional<SessionRecord> record(String sessionId) {
    String what = "the record of session " + sessionId;
    try {
      byte[] bytes = database.get(Family.RECORDS, options, Keys.record(sessionId));
      return bytes == null ? Optional.empty() : Optional.of(decode(what, bytes));
    } catch (RocksDBException e) {
      throw Failures.reading(what, e);
    }
  }

  boolean lives(SessionKey session) {
    return record(session.id()).filter(record -> record.key().equals(session)).isPresent();
  }

  static SessionRecord decode(String what, byte[] bytes) {
    try {
      return SessionRecord.fromBytes(bytes);
    } catch (SessionLogException e) {
      throw Failures.damaged(what, e);
    }
  }

  /** The seq that the next event gets. */
  long nextSeq(SessionKey session) {
    try (SegmentCursor segments = segments(session)) {
      segments.seekToLast();
      return segments.isValid() ? segments.segment().nextSeq() : 1;
    }
  }

  /** The latest checkpoint. One that cannot be read is as good as none. */
  Optional<StateCheckpoint> checkpoint(SessionKey session) {
    try {
      byte[] bytes =
          database.get(Family.CHECKPOINTS, options, Keys.incarnation(session.incarnation()));
      if (bytes == null || bytes.length < Long.BYTES) {
        return Optional.empty();
      }
      return Optional.of(
          new StateCheckpoint(
              ByteBuffer.wrap(bytes).getLong(),
              Arrays.copyOfRange(bytes, Long.BYTES, bytes.length)));
    } catch (RocksDBException e) {
      return Optional.empty();
    }
  }

  /** The segment that begins at this very seq. */
  Optional<Segment> segmentAt(SessionKey session, long firstSeq) {
    try (SegmentCursor segments = segments(session)) {
      segments.seekAtOrBefore(firstSeq);
      return segments.isValid() && segments.firstSeq() == firstSeq
          ? Optional.of(segments.segment())
          : Optional.empty();
    }
  }

  SegmentCursor segments(SessionKey session) {
    return new SegmentCursor(session, database, options);
  }

  RecordCursor records(String prefix) {
    return new RecordCursor(prefix, database, options);
  }

  @Override
  public void close() {
    options.close();
    database.release(snapshot);
    snapshot.close();
  }
}
