package ai.starcite.store.rocksdb;

import ai.starcite.store.rocksdb.Heads.Head;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/**
 * A write on its way through the committer: decided against a batch, then completed once that batch
 * is durable.
 *
 * @param <O> how it can end
 */
abstract class Command<O> {
  private final String sessionId;
  private final CompletableFuture<O> stage = new CompletableFuture<>();
  private @Nullable O outcome;
  private boolean unknown;

  Command(String sessionId) {
    this.sessionId = sessionId;
  }

  final String sessionId() {
    return sessionId;
  }

  final CompletionStage<O> stage() {
    return stage;
  }

  /**
   * Tells how this ends and adds what it writes to the batch; first all checks, then all writes.
   *
   * @param head the session's head, or null if there is no such session
   * @return the outcome, or null if that rests on what the batch has not written yet
   */
  abstract @Nullable O judge(Batch batch, @Nullable Head head) throws RocksDBException;

  abstract O rejected(Throwable cause);

  abstract O indefinite(Throwable cause);

  /** What this has in common with its repetitions, and with nothing else; null if none matters. */
  abstract @Nullable Object identity();

  /**
   * Decides this command. If that fails, for whatever reason, it is this command that fails, and
   * the batch is what it was without it.
   *
   * @return false if the batch must be written first
   */
  final boolean decide(Batch batch, Unsettled unsettled) throws RocksDBException {
    batch.mark();
    try {
      Head head = batch.head(sessionId);
      boolean wait = head == null && batch.hasTouched(sessionId);
      outcome = wait ? null : judge(batch, head);
    } catch (RocksDBException | RuntimeException | Error e) {
      batch.undo(sessionId);
      fail(Failures.untried(e), unsettled);
    }
    return outcome != null;
  }

  /** Decides this command without having tried to write it. */
  final void fail(Throwable cause, Unsettled unsettled) {
    unknown = unsettled.contains(this);
    outcome = unknown ? indefinite(cause) : rejected(cause);
  }

  /** Decides this command after an attempt of which nothing is known. */
  final void loseTrack(Throwable cause, Unsettled unsettled) {
    unsettled.add(this);
    unknown = true;
    outcome = indefinite(cause);
  }

  /** Answers the waiting caller where not even an outcome can be told. */
  final void abort(Throwable cause) {
    stage.completeExceptionally(cause);
  }

  /** Answers the waiting caller. */
  final void complete(Unsettled unsettled) {
    if (!unknown) {
      unsettled.remove(this);
    }
    stage.complete(outcome);
  }
}
