package ai.starcite.store.rocksdb;

import ai.starcite.spi.SessionKey;
import ai.starcite.spi.StateCheckpoint;
import ai.starcite.store.rocksdb.Heads.Head;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/** Keeps a checkpoint. Advisory, so that every end is the same. */
final class CheckpointCommand extends Command<CheckpointCommand.Done> {
  /** The one outcome. */
  enum Done {
    DONE
  }

  private final SessionKey session;
  private final StateCheckpoint checkpoint;

  CheckpointCommand(SessionKey session, StateCheckpoint checkpoint) {
    super(session.id());
    this.session = session;
    this.checkpoint = checkpoint;
  }

  int bytes() {
    return checkpoint.bytes().length;
  }

  @Override
  Done judge(Batch batch, @Nullable Head head) throws RocksDBException {
    if (head != null && head.incarnation.equals(session.incarnation())) {
      batch.checkpoint(session, checkpoint);
    }
    return Done.DONE;
  }

  @Override
  Done rejected(Throwable cause) {
    return Done.DONE;
  }

  @Override
  Done indefinite(Throwable cause) {
    return Done.DONE;
  }

  @Override
  @Nullable Object identity() {
    return null;
  }
}
