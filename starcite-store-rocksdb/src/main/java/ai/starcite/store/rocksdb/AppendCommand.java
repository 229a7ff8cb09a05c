package ai.starcite.store.rocksdb;

import ai.starcite.spi.AppendOutcome;
import ai.starcite.spi.Indefinite;
import ai.starcite.spi.Rejected;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SessionKey;
import ai.starcite.spi.SessionRecord;
import ai.starcite.store.rocksdb.Heads.Head;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/** Appends a segment. */
final class AppendCommand extends Command<AppendOutcome> {
  private static final AppendOutcome COMMITTED = new AppendOutcome.Committed();
  private static final AppendOutcome SEALED = new AppendOutcome.Sealed();
  private static final AppendOutcome GONE = new AppendOutcome.Gone();

  private final SessionKey session;
  private final Segment segment;

  AppendCommand(SessionKey session, Segment segment) {
    super(session.id());
    this.session = session;
    this.segment = segment;
  }

  @Override
  @Nullable AppendOutcome judge(Batch batch, @Nullable Head head) throws RocksDBException {
    if (head == null || !head.incarnation.equals(session.incarnation())) {
      return GONE;
    }
    long nextSeq = batch.nextSeq(head, session);
    boolean mayBeStored = segment.firstSeq() < nextSeq || head.sealed;
    if ((mayBeStored || segment.seals()) && batch.hasTouched(session.id())) {
      return null;
    }
    if (mayBeStored && isStored(batch)) {
      return COMMITTED;
    }
    if (head.sealed) {
      return SEALED;
    }
    if (segment.firstSeq() != nextSeq) {
      return new AppendOutcome.Conflict(nextSeq);
    }
    if (segment.seals()) {
      Optional<SessionRecord> record = batch.record(session.id());
      if (record.isEmpty()) {
        return GONE;
      }
      batch.replace(head, record.get().sealedBy(segment));
    }
    batch.append(head, session, segment);
    return COMMITTED;
  }

  /** Whether an earlier attempt has written this very segment. */
  private boolean isStored(Batch batch) {
    return batch
        .segmentAt(session, segment.firstSeq())
        .filter(stored -> stored.token().equals(segment.token()))
        .isPresent();
  }

  @Override
  AppendOutcome rejected(Throwable cause) {
    return new Rejected(cause);
  }

  @Override
  AppendOutcome indefinite(Throwable cause) {
    return new Indefinite(cause);
  }

  @Override
  Object identity() {
    return segment.token();
  }
}
