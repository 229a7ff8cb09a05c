package ai.starcite.store.rocksdb;

import ai.starcite.spi.DeleteOutcome;
import ai.starcite.spi.Indefinite;
import ai.starcite.spi.Rejected;
import ai.starcite.spi.SessionKey;
import ai.starcite.store.rocksdb.Heads.Head;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/** Erases a session. */
final class DeleteCommand extends Command<DeleteOutcome> {
  private final SessionKey session;

  DeleteCommand(SessionKey session) {
    super(session.id());
    this.session = session;
  }

  @Override
  DeleteOutcome judge(Batch batch, @Nullable Head head) throws RocksDBException {
    if (head == null || !head.incarnation.equals(session.incarnation())) {
      return new DeleteOutcome.Gone();
    }
    batch.delete(session);
    return new DeleteOutcome.Deleted();
  }

  @Override
  DeleteOutcome rejected(Throwable cause) {
    return new Rejected(cause);
  }

  @Override
  DeleteOutcome indefinite(Throwable cause) {
    return new Indefinite(cause);
  }

  @Override
  Object identity() {
    return session;
  }
}
