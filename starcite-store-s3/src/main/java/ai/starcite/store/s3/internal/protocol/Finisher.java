package ai.starcite.store.s3.internal.protocol;

import ai.starcite.spi.Segment;
import ai.starcite.store.s3.internal.format.Entry;
import ai.starcite.store.s3.internal.format.Manifest;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Completes a seal or a deletion after its entry was stored. Any process that sees the entry
 * completes the rest before it answers, so that neither is ever seen in part, or left unfinished by
 * a process that died. Thread-safe.
 */
class Finisher {
  private final KnownSessions sessions;
  private final Generations generations;
  private final Tokens tokens;
  private final S3Settings settings;

  /** Says whose generation ended a session. */
  enum Ended {
    /** The caller's. */
    BY_US,
    /** Another writer's. */
    BY_OTHERS,
    /** This cannot be known. */
    UNKNOWN
  }

  Finisher(KnownSessions sessions, Generations generations, Tokens tokens, S3Settings settings) {
    this.sessions = sessions;
    this.generations = generations;
    this.tokens = tokens;
    this.settings = settings;
  }

  /**
   * Completes what a terminal entry began; false if the session was deleted.
   *
   * @param terminal the entry that was found, or null if none was
   */
  CompletableFuture<Boolean> finish(KnownSession known, @Nullable Entry terminal) {
    if (terminal == null) {
      return Requests.done(!known.isGone());
    }
    return terminal.isDeletion() ? delete(known).thenApply(ended -> false) : seal(known);
  }

  /** Marks the record as sealed; false if the session was deleted. */
  CompletableFuture<Boolean> seal(KnownSession known) {
    return Loop.until(
        () -> {
          // Taken together: otherwise a sealed record could be sealed again.
          KnownSession.Head head = known.head();
          Segment seal = head.unfinishedSeal();
          if (known.isGone() || seal == null) {
            return Loop.done(!known.isGone());
          }
          Snapshot base = head.snapshot();
          Manifest sealed =
              base.manifest()
                  .withRecord(
                      tokens.next(),
                      base.manifest().record().sealedBy(seal),
                      base.aging(settings.grace()));
          return generations
              .put(known, base, sealed)
              .thenCompose(
                  outcome ->
                      outcome == Generations.Outcome.STORED
                          ? Loop.again()
                          : sessions.refresh(known).thenCompose(alive -> Loop.again()));
        });
  }

  /** Deletes a session: puts a generation, and then a tombstone. */
  CompletableFuture<Ended> delete(KnownSession known) {
    boolean[] unknown = {false};
    return Loop.until(
        () ->
            sessions
                .refresh(known)
                .thenCompose(
                    alive -> {
                      if (!alive) {
                        return Loop.done(unknown[0] ? Ended.UNKNOWN : Ended.BY_OTHERS);
                      }
                      Snapshot base = known.snapshot();
                      return generations
                          .put(
                              known,
                              base,
                              base.manifest().ended(tokens.next(), base.aging(settings.grace())))
                          .thenCompose(
                              outcome -> {
                                if (outcome == Generations.Outcome.STORED) {
                                  return sessions
                                      .completeDeletion(known)
                                      .thenCompose(over -> Loop.done(Ended.BY_US));
                                }
                                unknown[0] |= outcome == Generations.Outcome.UNKNOWN;
                                return Loop.again();
                              });
                    }));
  }
}
