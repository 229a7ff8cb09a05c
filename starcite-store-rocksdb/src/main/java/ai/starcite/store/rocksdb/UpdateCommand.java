package ai.starcite.store.rocksdb;

import ai.starcite.spi.Indefinite;
import ai.starcite.spi.Rejected;
import ai.starcite.spi.SessionRecord;
import ai.starcite.spi.UpdateOutcome;
import ai.starcite.store.rocksdb.Heads.Head;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/** Replaces a session's record. */
final class UpdateCommand extends Command<UpdateOutcome> {
  private static final UpdateOutcome UPDATED = new UpdateOutcome.Updated();
  private static final UpdateOutcome GONE = new UpdateOutcome.Gone();

  private final SessionRecord next;
  private final long expectedVersion;

  UpdateCommand(SessionRecord next, long expectedVersion) {
    super(next.key().id());
    this.next = next;
    this.expectedVersion = expectedVersion;
  }

  @Override
  @Nullable UpdateOutcome judge(Batch batch, @Nullable Head head) throws RocksDBException {
    if (head == null || !head.incarnation.equals(next.key().incarnation())) {
      return GONE;
    }
    if (head.version == expectedVersion) {
      batch.replace(head, next);
      return UPDATED;
    }
    return batch.hasTouched(sessionId())
        ? null
        : batch.record(sessionId()).map(this::answer).orElse(GONE);
  }

  /** An earlier attempt may have written this very record, and a seal have followed it. */
  private UpdateOutcome answer(SessionRecord stored) {
    return stored.token().equals(next.token()) ? UPDATED : new UpdateOutcome.Conflict(stored);
  }

  @Override
  UpdateOutcome rejected(Throwable cause) {
    return new Rejected(cause);
  }

  @Override
  UpdateOutcome indefinite(Throwable cause) {
    return new Indefinite(cause);
  }

  @Override
  Object identity() {
    return next.token();
  }
}
