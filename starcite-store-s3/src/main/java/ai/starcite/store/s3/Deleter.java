package ai.starcite.store.s3;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.spi.DeleteOutcome;
import ai.starcite.spi.SessionKey;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Deletes sessions: with an entry at the head of the log, so that each append comes before or
 * after, then a generation, then a tombstone. What they leave behind is reclaimed later.
 * Thread-safe.
 */
final class Deleter {
  private final Tracks tracks;
  private final Walker walker;
  private final SegmentPuts puts;
  private final Endings endings;
  private final Tokens tokens;

  Deleter(Tracks tracks, Walker walker, SegmentPuts puts, Endings endings, Tokens tokens) {
    this.tracks = tracks;
    this.walker = walker;
    this.puts = puts;
    this.endings = endings;
    this.tokens = tokens;
  }

  /** Deletes; never fails. */
  CompletableFuture<DeleteOutcome> delete(SessionKey session) {
    boolean[] sent = {false};
    return tracks
        .look(session.id())
        .thenCompose(
            track ->
                track.filter(found -> found.session().equals(session)).isEmpty()
                    ? Requests.<DeleteOutcome>done(new DeleteOutcome.Gone())
                    : Loop.until(() -> attempt(track.get(), sent)))
        .exceptionally(
            failure -> {
              Throwable cause = Requests.cause(failure);
              return sent[0]
                  ? new DeleteOutcome.Indefinite(cause)
                  : new DeleteOutcome.Rejected(cause);
            });
  }

  private CompletableFuture<Optional<DeleteOutcome>> attempt(Track track, boolean[] sent) {
    return walker
        .toHead(track)
        .thenCompose(
            alive -> {
              if (!alive) {
                return Loop.done(new DeleteOutcome.Gone());
              }
              if (track.terminal() == null && track.damage() == null) {
                return byEntry(track, sent);
              }
              // Nothing comes behind a seal, nor behind damage: there the generation decides.
              sent[0] = true;
              return endings.delete(track).thenCompose(Deleter::byGeneration);
            });
  }

  private static CompletableFuture<Optional<DeleteOutcome>> byGeneration(Endings.Ended ended) {
    return switch (ended) {
      case BY_US -> Loop.done(new DeleteOutcome.Deleted());
      case BY_OTHERS -> Loop.done(new DeleteOutcome.Gone());
      case UNKNOWN -> CompletableFuture.failedFuture(unknown());
    };
  }

  private CompletableFuture<Optional<DeleteOutcome>> byEntry(Track track, boolean[] sent) {
    Entry deletion = Entry.deletion(track.next(), tokens.next());
    return puts.put(track, deletion)
        .whenComplete(
            (outcome, failure) -> sent[0] |= failure == null || !Requests.isRefusal(failure))
        .thenCompose(
            outcome ->
                switch (outcome) {
                  case STORED ->
                      endings
                          .delete(track)
                          .thenCompose(ended -> Loop.done(new DeleteOutcome.Deleted()));
                  case LOST -> Loop.again();
                  case GONE -> CompletableFuture.failedFuture(unknown());
                });
  }

  private static SessionLogException unknown() {
    return new SessionLogException(
        Code.OUTCOME_UNKNOWN, "the session is deleted, and it is unknown by whom");
  }
}
