package ai.starcite.store.s3;

import ai.starcite.store.s3.ObjectClient.Put;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Puts generations: each is the one before it and one change. Thread-safe. */
final class Generations {
  /** How a put ended. */
  enum Outcome {
    /** The generation is part of the session. */
    STORED,
    /** Another one has its number: it never will be. */
    LOST,
    /** It may have been. */
    UNKNOWN
  }

  private final Requests requests;
  private final Tracks tracks;
  private final Judge judge;
  private final Rules rules;

  Generations(Requests requests, Tracks tracks, Judge judge, Rules rules) {
    this.requests = requests;
    this.tracks = tracks;
    this.judge = judge;
    this.rules = rules;
  }

  /**
   * Puts what follows a reading's generation. The track knows of it, if it is stored. Nothing
   * follows one that ends the life, which another thread may just have made the last reading.
   */
  CompletableFuture<Outcome> put(Track track, Reading base, Manifest next) {
    if (base.manifest().deleted()) {
      return Requests.done(Outcome.LOST);
    }
    String key = base.keys().generation(base.generation() + 1);
    return send(track, base, key, next)
        .thenCompose(
            sent -> {
              if (sent.isEmpty()) {
                return Requests.done(Outcome.LOST);
              }
              if (sent.get().stored()) {
                return settle(track, base, next, sent.get().date(), next);
              }
              if (!rules.keeps(Rule.READ_OWN_GENERATION)) {
                return Requests.done(Outcome.LOST);
              }
              return requests
                  .read(key, Manifest::fromBytes)
                  .thenCompose(
                      there -> settle(track, base, next, there.date(), there.value().orElse(null)));
            });
  }

  /** Sends it until there is an answer; empty if it is given up as lost. */
  private CompletableFuture<Optional<Put>> send(
      Track track, Reading base, String key, Manifest next) {
    byte[] bytes = next.toBytes();
    if (rules.keeps(Rule.SETTLE_GENERATION_BY_SENDING)) {
      return requests.put(key, bytes).thenApply(Optional::of);
    }
    return Loop.until(
        () ->
            requests
                .putOnce(key, bytes)
                .handle((put, failure) -> Optional.ofNullable(put))
                .thenCompose(
                    put ->
                        put.isPresent()
                            ? Loop.done(put)
                            : tracks
                                .refresh(track)
                                .thenCompose(
                                    alive ->
                                        alive && track.reading().generation() <= base.generation()
                                            ? Loop.done(Optional.<Put>empty())
                                            : Loop.again())));
  }

  /** Takes what is known to have stood at the number, at a date. */
  private CompletableFuture<Outcome> settle(
      Track track, Reading base, Manifest mine, @Nullable Instant date, @Nullable Manifest there) {
    if (there != null && (judge.isFresh(base, date) || !rules.keeps(Rule.CHECK_GENERATION))) {
      boolean stored = there.token().equals(mine.token());
      if (stored) {
        track.take(base.next(mine));
      }
      return Requests.done(stored ? Outcome.STORED : Outcome.LOST);
    }
    // The number may have been reclaimed and written again, which nobody would see.
    return tracks
        .refresh(track)
        .thenApply(
            alive ->
                track.reading().manifest().token().equals(mine.token())
                    ? Outcome.STORED
                    : Outcome.UNKNOWN);
  }
}
