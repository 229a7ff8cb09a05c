package ai.starcite.store.s3;

import ai.starcite.store.s3.ObjectClient.Put;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Puts generations: each is the one before it and one change. Thread-safe. */
class Generations {
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

  Generations(Requests requests, Tracks tracks, Judge judge) {
    this.requests = requests;
    this.tracks = tracks;
    this.judge = judge;
  }

  /**
   * Puts what follows a reading's generation. The track knows of it, if it is stored. Nothing
   * follows one that ends the life, which another thread may just have made the last reading.
   */
  CompletableFuture<Outcome> put(Track track, Reading base, Manifest next) {
    if (base.manifest().deleted()) {
      return Requests.done(Outcome.LOST);
    }
    return send(track, base, next);
  }

  /** Sends it until there is an answer: what is sent again tells what became of it before. */
  CompletableFuture<Outcome> send(Track track, Reading base, Manifest next) {
    return requests
        .put(key(base), next.toBytes())
        .thenCompose(put -> answered(track, base, next, put));
  }

  static String key(Reading base) {
    return base.keys().generation(base.generation() + 1);
  }

  CompletableFuture<Outcome> answered(Track track, Reading base, Manifest next, Put put) {
    return put.stored() ? settle(track, base, next, put.date(), next) : taken(track, base, next);
  }

  /** The number is taken; it may be by an earlier attempt. */
  CompletableFuture<Outcome> taken(Track track, Reading base, Manifest next) {
    return requests
        .read(key(base), Manifest::fromBytes)
        .thenCompose(there -> settle(track, base, next, there.date(), there.value().orElse(null)));
  }

  /** Returns whether an answer about a generation counts. */
  boolean counts(Reading base, @Nullable Instant date) {
    return judge.isFresh(base, date);
  }

  /** Takes what is known to have stood at the number, at a date. */
  private CompletableFuture<Outcome> settle(
      Track track, Reading base, Manifest mine, @Nullable Instant date, @Nullable Manifest there) {
    if (there != null && counts(base, date)) {
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
