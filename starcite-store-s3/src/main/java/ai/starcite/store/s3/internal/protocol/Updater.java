package ai.starcite.store.s3.internal.protocol;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.spi.Indefinite;
import ai.starcite.spi.Rejected;
import ai.starcite.spi.SessionRecord;
import ai.starcite.spi.UpdateOutcome;
import ai.starcite.store.s3.internal.format.Manifest;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Replaces the records of sessions, each time by a new generation. Thread-safe. */
class Updater {
  private final KnownSessions sessions;
  private final Generations generations;
  private final Tokens tokens;
  private final S3Settings settings;

  Updater(KnownSessions sessions, Generations generations, Tokens tokens, S3Settings settings) {
    this.sessions = sessions;
    this.generations = generations;
    this.tokens = tokens;
    this.settings = settings;
  }

  /** Updates; never fails. */
  CompletableFuture<UpdateOutcome> update(SessionRecord next, long expectedVersion) {
    return sessions
        .open(next.key())
        .thenCompose(
            known ->
                known.isEmpty()
                    ? Requests.<UpdateOutcome>done(new UpdateOutcome.Gone())
                    : begin(known.get(), next, expectedVersion).run())
        // Nothing was sent: an update that was sent does not fail.
        .exceptionally(failure -> new Rejected(Requests.cause(failure)));
  }

  Update begin(KnownSession known, SessionRecord next, long expectedVersion) {
    return new Update(known, next, expectedVersion);
  }

  /** One update. If another generation is first, the update is put on top of that. */
  class Update {
    final KnownSession known;
    private final SessionRecord next;
    private final long expectedVersion;
    private boolean looked;
    private boolean sent;

    Update(KnownSession known, SessionRecord next, long expectedVersion) {
      this.known = known;
      this.next = next;
      this.expectedVersion = expectedVersion;
    }

    CompletableFuture<UpdateOutcome> run() {
      return Loop.until(this::attempt)
          .exceptionallyCompose(
              failure ->
                  sent
                      ? Requests.done(new Indefinite(Requests.cause(failure)))
                      : CompletableFuture.failedFuture(Requests.cause(failure)));
    }

    private CompletableFuture<Optional<UpdateOutcome>> attempt() {
      Snapshot base = base();
      SessionRecord current = base.manifest().record();
      if (current.version() == expectedVersion) {
        return put(base);
      }
      if (!mayRefuse()) {
        return look();
      }
      return Loop.done(
          current.token().equals(next.token())
              ? new UpdateOutcome.Updated()
              : new UpdateOutcome.Conflict(current));
    }

    /** Returns what the next generation is built from: the newest one that is known. */
    Snapshot base() {
      return known.snapshot();
    }

    /** Returns whether the newest generation was read since the update began. */
    boolean mayRefuse() {
      return looked;
    }

    private CompletableFuture<Optional<UpdateOutcome>> look() {
      looked = true;
      return sessions
          .refresh(known)
          .thenApply(alive -> alive ? Optional.empty() : Optional.of(new UpdateOutcome.Gone()));
    }

    CompletableFuture<Optional<UpdateOutcome>> put(Snapshot base) {
      sent = true;
      Manifest content =
          base.manifest().withRecord(tokens.next(), next, base.aging(settings.grace()));
      return generations
          .put(known, base, content)
          .whenComplete(
              (outcome, failure) -> sent = failure == null || !Requests.isRefusal(failure))
          .thenCompose(
              outcome ->
                  switch (outcome) {
                    case STORED -> Loop.done(new UpdateOutcome.Updated());
                    case LOST -> {
                      sent = false;
                      yield look();
                    }
                    case UNKNOWN -> Loop.done(new Indefinite(unknown()));
                  });
    }

    private SessionLogException unknown() {
      return new SessionLogException(
          Code.OUTCOME_UNKNOWN,
          "the update of session " + next.key().id() + " took so long that it may be overwritten");
    }
  }
}
