package ai.starcite.store.rocksdb;

import ai.starcite.spi.CreateOutcome;
import ai.starcite.spi.Indefinite;
import ai.starcite.spi.Rejected;
import ai.starcite.spi.SessionRecord;
import ai.starcite.store.rocksdb.Heads.Head;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/** Stores a new session. */
final class CreateCommand extends Command<CreateOutcome> {
  private static final CreateOutcome CREATED = new CreateOutcome.Created();

  private final SessionRecord session;

  CreateCommand(SessionRecord session) {
    super(session.key().id());
    this.session = session;
  }

  @Override
  @Nullable CreateOutcome judge(Batch batch, @Nullable Head head) throws RocksDBException {
    // Refuses an incarnation that has no key.
    Keys.incarnation(session.key().incarnation());
    if (head == null) {
      batch.create(session);
      return CREATED;
    }
    return batch.hasTouched(sessionId())
        ? null
        : new CreateOutcome.Exists(batch.record(sessionId()).orElseThrow());
  }

  @Override
  CreateOutcome rejected(Throwable cause) {
    return new Rejected(cause);
  }

  @Override
  CreateOutcome indefinite(Throwable cause) {
    return new Indefinite(cause);
  }

  @Override
  Object identity() {
    return session.token();
  }
}
