package ai.starcite.internal.session;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.internal.events.EventPages;
import ai.starcite.internal.events.Page;
import ai.starcite.internal.store.StoreFailures;
import ai.starcite.spi.ReadOutcome;
import ai.starcite.spi.SegmentStore;
import ai.starcite.spi.SessionKey;
import ai.starcite.spi.StoredSession;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Recovers a session's state from a store: its checkpoint, then the segments behind it.
 * Thread-safe.
 */
public final class SessionLoader {
  private static final int READ_BYTES = 1 << 20;

  private final SegmentStore store;
  private final Executor waker;
  private final Function<SessionKey, EventPages> pages;

  /**
   * A session as it was recovered.
   *
   * @param head its committed end
   * @param state what its events amount to, up to the damage if there is one
   * @param replayedBytes how many bytes of events were read behind the checkpoint
   * @param damage why the session can be read but not appended to, or null
   */
  public record Loaded(
      Head head, SessionState state, long replayedBytes, @Nullable SessionLogException damage) {}

  /** A loader from a store. */
  public SessionLoader(SegmentStore store, Executor waker, Function<SessionKey, EventPages> pages) {
    this.store = store;
    this.waker = waker;
    this.pages = pages;
  }

  /** Loads a session; fails with the exception for the caller. */
  public CompletableFuture<Loaded> load(String sessionId) {
    CompletableFuture<Loaded> result = new CompletableFuture<>();
    call(() -> store.load(sessionId))
        .whenComplete(
            (stored, failure) -> {
              if (failure != null || stored == null) {
                result.completeExceptionally(StoreFailures.of(failure));
              } else if (stored.isEmpty()) {
                result.completeExceptionally(notFound(sessionId));
              } else {
                new Replay(stored.get(), result).next();
              }
            });
    return result;
  }

  /** The failure of a call for a session that does not exist. */
  public static SessionLogException notFound(String sessionId) {
    return new SessionLogException(
        Code.SESSION_NOT_FOUND,
        "there is no session " + sessionId + ": it was never created, or was deleted");
  }

  private static <T> CompletableFuture<T> call(Supplier<CompletionStage<T>> read) {
    try {
      return Objects.requireNonNull(read.get(), "the store's answer").toCompletableFuture();
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Folds the segments behind the checkpoint. */
  private final class Replay {
    private final SessionKey key;
    private final StoredSession stored;
    private final SessionState state;
    private final CompletableFuture<Loaded> result;
    private long replayedBytes;

    Replay(StoredSession stored, CompletableFuture<Loaded> result) {
      this.key = stored.record().key();
      this.stored = stored;
      this.result = result;
      this.state =
          stored
              .checkpoint()
              .flatMap(checkpoint -> SessionState.restore(key, checkpoint))
              .filter(restored -> restored.nextSeq() <= stored.nextSeq())
              .orElseGet(SessionState::new);
    }

    /** Reads on; in a loop where the store answers at once, so that the stack does not grow. */
    void next() {
      while (wantsMore()) {
        CompletableFuture<ReadOutcome> read =
            call(() -> store.read(key, state.nextSeq(), READ_BYTES));
        if (!read.isDone()) {
          read.whenComplete(
              (outcome, failure) -> {
                if (apply(outcome, failure)) {
                  next();
                }
              });
          return;
        }
        if (!apply(
            read.isCompletedExceptionally() ? null : read.join(),
            read.handle((outcome, failure) -> failure).join())) {
          return;
        }
      }
      finish(null);
    }

    private void finish(@Nullable SessionLogException damage) {
      // Behind damage, the head is where the store says: tails read up to the damage and find it.
      long nextSeq = damage == null ? state.nextSeq() : stored.nextSeq();
      Head head = new Head(key, pages.apply(key), waker, nextSeq, state.sealed());
      result.complete(new Loaded(head, state, replayedBytes, damage));
    }

    private boolean wantsMore() {
      return state.nextSeq() < stored.nextSeq() || (stored.record().sealed() && !state.sealed());
    }

    private boolean apply(@Nullable ReadOutcome outcome, @Nullable Throwable failure) {
      try {
        if (outcome instanceof ReadOutcome.Segments segments) {
          Page page = Page.read(key, state.nextSeq(), segments.segments());
          state.apply(page);
          replayedBytes += page.bytes();
          return true;
        }
        throw outcome instanceof ReadOutcome.Gone ? notFound(key.id()) : StoreFailures.of(failure);
      } catch (RuntimeException | Error e) {
        SessionLogException cause = StoreFailures.of(e);
        if (cause.code() == Code.CORRUPT) {
          finish(cause);
        } else {
          result.completeExceptionally(cause);
        }
        return false;
      }
    }
  }
}
