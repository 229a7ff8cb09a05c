package ai.starcite.store.s3;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.spi.SessionRecord;
import ai.starcite.spi.UpdateOutcome;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Replaces records of sessions: each time by a generation. Thread-safe. */
final class Updater {
  private final Tracks tracks;
  private final Generations generations;
  private final Tokens tokens;
  private final S3Settings settings;
  private final Rules rules;

  Updater(Tracks tracks, Generations generations, Tokens tokens, S3Settings settings, Rules rules) {
    this.tracks = tracks;
    this.generations = generations;
    this.tokens = tokens;
    this.settings = settings;
    this.rules = rules;
  }

  /** Updates; never fails. */
  CompletableFuture<UpdateOutcome> update(SessionRecord next, long expectedVersion) {
    return tracks
        .open(next.key())
        .thenCompose(
            track ->
                track.isEmpty()
                    ? Requests.<UpdateOutcome>done(new UpdateOutcome.Gone())
                    : new Update(track.get(), next, expectedVersion).run())
        // Nothing was sent: what is sent does not fail.
        .exceptionally(failure -> new UpdateOutcome.Rejected(Requests.cause(failure)));
  }

  private final class Update {
    private final Track track;
    private final SessionRecord next;
    private final long expectedVersion;
    private boolean looked;
    private boolean sent;
    private Optional<Manifest> lost = Optional.empty();

    Update(Track track, SessionRecord next, long expectedVersion) {
      this.track = track;
      this.next = next;
      this.expectedVersion = expectedVersion;
      this.looked = !rules.keeps(Rule.REFUSE_AFTER_LOOK);
    }

    CompletableFuture<UpdateOutcome> run() {
      return Loop.until(this::attempt)
          .exceptionallyCompose(
              failure ->
                  sent
                      ? Requests.done(new UpdateOutcome.Indefinite(Requests.cause(failure)))
                      : CompletableFuture.failedFuture(Requests.cause(failure)));
    }

    private CompletableFuture<Optional<UpdateOutcome>> attempt() {
      Reading base =
          rules.keeps(Rule.REBUILD_FROM_NEWEST)
              ? track.reading()
              : lost.map(track.reading()::holding).orElseGet(track::reading);
      SessionRecord current = base.manifest().record();
      if (current.version() == expectedVersion) {
        return put(base);
      }
      if (!looked) {
        return look();
      }
      return Loop.done(
          current.token().equals(next.token())
              ? new UpdateOutcome.Updated()
              : new UpdateOutcome.Conflict(current));
    }

    private CompletableFuture<Optional<UpdateOutcome>> look() {
      looked = true;
      return tracks
          .refresh(track)
          .thenApply(alive -> alive ? Optional.empty() : Optional.of(new UpdateOutcome.Gone()));
    }

    private CompletableFuture<Optional<UpdateOutcome>> put(Reading base) {
      sent = true;
      Manifest content =
          base.manifest().withRecord(tokens.next(), next, base.aging(settings.grace()));
      return generations
          .put(track, base, content)
          .whenComplete(
              (outcome, failure) -> sent = failure == null || !Requests.isRefusal(failure))
          .thenCompose(
              outcome ->
                  switch (outcome) {
                    case STORED -> Loop.done(new UpdateOutcome.Updated());
                    case LOST -> {
                      sent = false;
                      lost = Optional.of(base.manifest());
                      yield look();
                    }
                    case UNKNOWN -> Loop.done(new UpdateOutcome.Indefinite(unknown()));
                  });
    }

    private SessionLogException unknown() {
      return new SessionLogException(
          Code.OUTCOME_UNKNOWN,
          "the update of session " + next.key().id() + " took so long that it may be overwritten");
    }
  }
}
