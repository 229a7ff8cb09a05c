package ai.starcite.store.s3.internal.protocol;

import ai.starcite.store.s3.internal.client.ObjectClient.Put;
import ai.starcite.store.s3.internal.format.Manifest;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Puts generations: each is the previous one and a single change. Thread-safe. */
class Generations {
  /** The outcome of a put. */
  enum Outcome {
    /** The generation is part of the session. */
    STORED,
    /** Another generation has its number; this one will never be part of the session. */
    LOST,
    /** It may have been stored. */
    UNKNOWN
  }

  private final Requests requests;
  private final KnownSessions sessions;
  private final Judge judge;

  Generations(Requests requests, KnownSessions sessions, Judge judge) {
    this.requests = requests;
    this.sessions = sessions;
    this.judge = judge;
  }

  /**
   * Puts the generation after a snapshot. If it is stored, the known session has it. Nothing
   * follows a generation that ends the session, which another thread may just have read.
   */
  CompletableFuture<Outcome> put(KnownSession known, Snapshot base, Manifest next) {
    if (base.manifest().deleted()) {
      return Requests.done(Outcome.LOST);
    }
    return send(known, base, next);
  }

  /**
   * Sends the generation until there is an answer: sending it again shows what became of earlier
   * attempts.
   */
  CompletableFuture<Outcome> send(KnownSession known, Snapshot base, Manifest next) {
    return requests
        .put(key(base), next.toBytes())
        .thenCompose(put -> answered(known, base, next, put));
  }

  static String key(Snapshot base) {
    return base.keys().generation(base.generation() + 1);
  }

  CompletableFuture<Outcome> answered(KnownSession known, Snapshot base, Manifest next, Put put) {
    return put.stored() ? resolve(known, base, next, put.date(), next) : taken(known, base, next);
  }

  /** The number is taken, possibly by an earlier attempt. */
  CompletableFuture<Outcome> taken(KnownSession known, Snapshot base, Manifest next) {
    return requests
        .read(key(base), Manifest::fromBytes)
        .thenCompose(there -> resolve(known, base, next, there.date(), there.value().orElse(null)));
  }

  /** Returns whether an answer about a generation counts. */
  boolean counts(Snapshot base, @Nullable Instant date) {
    return judge.isFresh(base, date);
  }

  /** Decides by what was at the number at a date. */
  private CompletableFuture<Outcome> resolve(
      KnownSession known,
      Snapshot base,
      Manifest mine,
      @Nullable Instant date,
      @Nullable Manifest there) {
    if (there != null && counts(base, date)) {
      boolean stored = there.token().equals(mine.token());
      if (stored) {
        known.take(base.next(mine));
      }
      return Requests.done(stored ? Outcome.STORED : Outcome.LOST);
    }
    // The number may have been reclaimed and written again, where nobody reads it.
    return sessions
        .refresh(known)
        .thenApply(
            alive ->
                known.snapshot().manifest().token().equals(mine.token())
                    ? Outcome.STORED
                    : Outcome.UNKNOWN);
  }
}
