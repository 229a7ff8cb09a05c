package ai.starcite.store.s3;

import ai.starcite.spi.Segment;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Completes what a terminal segment has begun. Whoever meets one does so before answering, so that
 * a seal or a deletion is never seen in part, and never left half done by a process that died.
 * Thread-safe.
 */
class Endings {
  private final Tracks tracks;
  private final Generations generations;
  private final Tokens tokens;
  private final S3Settings settings;

  /** Whose generation has ended a life. */
  enum Ended {
    /** The caller's. */
    BY_US,
    /** Another's. */
    BY_OTHERS,
    /** It cannot be told. */
    UNKNOWN
  }

  Endings(Tracks tracks, Generations generations, Tokens tokens, S3Settings settings) {
    this.tracks = tracks;
    this.generations = generations;
    this.tokens = tokens;
    this.settings = settings;
  }

  /**
   * Completes what ends a session; false if the life is over.
   *
   * @param terminal what was met, or null if nothing was
   */
  CompletableFuture<Boolean> finish(Track track, @Nullable Entry terminal) {
    if (terminal == null) {
      return Requests.done(!track.isGone());
    }
    return terminal.isDeletion() ? delete(track).thenApply(ended -> false) : seal(track);
  }

  /** Has the record say that the session is sealed; false if its life is over. */
  CompletableFuture<Boolean> seal(Track track) {
    return Loop.until(
        () -> {
          // Together: else the seal could be put once more onto the record that has it.
          Track.Head head = track.head();
          Segment seal = head.unfinishedSeal();
          if (track.isGone() || seal == null) {
            return Loop.done(!track.isGone());
          }
          Reading base = head.reading();
          Manifest sealed =
              base.manifest()
                  .withRecord(
                      tokens.next(),
                      base.manifest().record().sealedBy(seal),
                      base.aging(settings.grace()));
          return generations
              .put(track, base, sealed)
              .thenCompose(
                  outcome ->
                      outcome == Generations.Outcome.STORED
                          ? Loop.again()
                          : tracks.refresh(track).thenCompose(alive -> Loop.again()));
        });
  }

  /** Ends the life of a session: by a generation, and then by a tombstone. */
  CompletableFuture<Ended> delete(Track track) {
    boolean[] unknown = {false};
    return Loop.until(
        () ->
            tracks
                .refresh(track)
                .thenCompose(
                    alive -> {
                      if (!alive) {
                        return Loop.done(unknown[0] ? Ended.UNKNOWN : Ended.BY_OTHERS);
                      }
                      Reading base = track.reading();
                      return generations
                          .put(
                              track,
                              base,
                              base.manifest().ended(tokens.next(), base.aging(settings.grace())))
                          .thenCompose(
                              outcome -> {
                                if (outcome == Generations.Outcome.STORED) {
                                  return tracks
                                      .settle(track)
                                      .thenCompose(over -> Loop.done(Ended.BY_US));
                                }
                                unknown[0] |= outcome == Generations.Outcome.UNKNOWN;
                                return Loop.again();
                              });
                    }));
  }
}
