package ai.starcite.store.s3.internal.protocol;

import ai.starcite.store.s3.internal.client.ObjectClient.Put;
import ai.starcite.store.s3.internal.client.ObjectException;
import ai.starcite.store.s3.internal.format.Entry;
import ai.starcite.store.s3.internal.protocol.Judge.Freshness;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Puts an entry at its place, and finds out whether it is there for good. The {@link Judge} decides
 * whether the answer counts; a place below the boundary is resolved by the chunk that covers it.
 * Thread-safe.
 */
class SegmentPuts {
  /** The outcome of a put. */
  enum Outcome {
    /** The entry is part of the log. */
    STORED,
    /** Another entry has its place; this one will never be part of the log. */
    LOST,
    /** The session was deleted, and the entry may have been part of it. */
    GONE
  }

  private final Requests requests;
  private final Judge judge;
  private final Chunks chunks;

  SegmentPuts(Requests requests, Judge judge, Chunks chunks) {
    this.requests = requests;
    this.judge = judge;
    this.chunks = chunks;
  }

  /**
   * Puts an entry. The known session then has it, or what is in its place.
   *
   * @return fails with a {@code REFUSED} if nothing was written and never will be; with any other
   *     failure it may have been
   */
  CompletableFuture<Outcome> put(KnownSession known, Entry entry) {
    boolean[] first = {true};
    return Loop.until(
        () -> {
          boolean again = !first[0];
          first[0] = false;
          CompletableFuture<Optional<Outcome>> taken = attempt(known, entry);
          return again ? unknownWhereRefused(taken) : taken;
        });
  }

  /** Turns a refusal into an unknown outcome, because an earlier attempt may have had an effect. */
  static <T> CompletableFuture<T> unknownWhereRefused(CompletableFuture<T> taken) {
    return taken.exceptionallyCompose(
        failure ->
            CompletableFuture.failedFuture(
                Requests.isRefusal(failure)
                    ? new ObjectException(
                        ObjectException.Kind.UNKNOWN, failure.getMessage(), failure)
                    : failure));
  }

  /**
   * Sends the entry until there is an answer: sending it again shows what became of earlier
   * attempts.
   */
  CompletableFuture<Optional<Outcome>> attempt(KnownSession known, Entry entry) {
    return requests
        .put(known.keys().segment(entry.first()), entry.bytes())
        .thenCompose(put -> answered(known, entry, put));
  }

  CompletableFuture<Optional<Outcome>> answered(KnownSession known, Entry entry, Put put) {
    return unknownWhereRefused(
        put.stored() ? stored(known, entry, put.date()) : taken(known, entry));
  }

  /** The entry was stored: for good, unless the place had been compacted and reclaimed before. */
  CompletableFuture<Optional<Outcome>> stored(
      KnownSession known, Entry entry, @Nullable Instant date) {
    return own(known, entry, date);
  }

  /** An earlier attempt was stored: for good, unless the place had been reclaimed. */
  CompletableFuture<Optional<Outcome>> storedBefore(
      KnownSession known, Entry entry, @Nullable Instant date) {
    return own(known, entry, date);
  }

  CompletableFuture<Optional<Outcome>> own(
      KnownSession known, Entry entry, @Nullable Instant date) {
    return judge
        .judge(known, entry.first(), date)
        .thenCompose(
            freshness -> {
              if (freshness == Freshness.CURRENT) {
                known.add(entry);
                return Loop.done(Outcome.STORED);
              }
              return resolve(known, entry, freshness);
            });
  }

  /** The place is taken, possibly by an earlier attempt. */
  private CompletableFuture<Optional<Outcome>> taken(KnownSession known, Entry entry) {
    long place = entry.first();
    return requests
        .read(
            known.keys().segment(place),
            bytes -> Entry.fromBytes(known.session().id(), place, bytes))
        .thenCompose(
            read -> {
              if (read.value().isEmpty()) {
                // Reclaimed since, or lost by the server.
                return judge
                    .byNewSnapshot(known, place)
                    .thenCompose(
                        freshness ->
                            freshness == Freshness.CURRENT
                                ? Loop.again()
                                : resolve(known, entry, freshness));
              }
              Entry there = read.value().get();
              return there.token().equals(entry.token())
                  ? storedBefore(known, entry, read.date())
                  : takenByOther(known, entry, there, read.date());
            });
  }

  /** Another writer's entry is there: for good, unless the place had been reclaimed. */
  CompletableFuture<Optional<Outcome>> takenByOther(
      KnownSession known, Entry entry, Entry there, @Nullable Instant date) {
    return judge
        .judge(known, entry.first(), date)
        .thenCompose(
            freshness -> {
              if (freshness == Freshness.CURRENT) {
                known.addForeign(there);
                return Loop.done(Outcome.LOST);
              }
              return resolve(known, entry, freshness);
            });
  }

  /** The answer does not count: the chunk decides, unless the session was deleted. */
  CompletableFuture<Optional<Outcome>> resolve(
      KnownSession known, Entry entry, Freshness freshness) {
    return freshness == Freshness.COMPACTED ? below(known, entry) : Loop.done(Outcome.GONE);
  }

  /** The place was compacted: the chunk says what was stored there. */
  CompletableFuture<Optional<Outcome>> below(KnownSession known, Entry entry) {
    return chunks
        .with(known, entry.first())
        .thenCompose(
            chunk -> {
              if (known.isGone()) {
                return Loop.done(Outcome.GONE);
              }
              boolean stored =
                  chunk
                      .flatMap(found -> found.tokenAt(entry.first()))
                      .filter(entry.token()::equals)
                      .isPresent();
              return Loop.done(stored ? Outcome.STORED : Outcome.LOST);
            });
  }
}
