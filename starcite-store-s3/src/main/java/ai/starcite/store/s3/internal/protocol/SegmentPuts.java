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
 * Puts an entry at its place, and finds out whether it stands there for good. What comes in its way
 * is believed only as the {@link Judge} allows; a place below the boundary is resolved by the chunk
 * that it is in. Thread-safe.
 */
class SegmentPuts {
  /** How a put ended. */
  enum Outcome {
    /** The entry is part of the log. */
    STORED,
    /** Another one is, at its place: it never will be. */
    LOST,
    /** The life of the session is over, and it may have been part of it. */
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
   * Puts an entry. The known session goes on by it, or by what stands in its place.
   *
   * @return fails with a {@code REFUSED} if nothing was written and never will be; with anything
   *     else it may have been
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

  /** After an attempt that may have had an effect, a refusal of the next one says nothing. */
  static <T> CompletableFuture<T> unknownWhereRefused(CompletableFuture<T> taken) {
    return taken.exceptionallyCompose(
        failure ->
            CompletableFuture.failedFuture(
                Requests.isRefusal(failure)
                    ? new ObjectException(
                        ObjectException.Kind.UNKNOWN, failure.getMessage(), failure)
                    : failure));
  }

  /** Sends it until there is an answer: what is sent again tells what became of it before. */
  CompletableFuture<Optional<Outcome>> attempt(KnownSession known, Entry entry) {
    return requests
        .put(known.keys().segment(entry.first()), entry.bytes())
        .thenCompose(put -> answered(known, entry, put));
  }

  CompletableFuture<Optional<Outcome>> answered(KnownSession known, Entry entry, Put put) {
    return unknownWhereRefused(
        put.stored() ? stored(known, entry, put.date()) : taken(known, entry));
  }

  /** It was stored: for good, unless the place was compacted, and reclaimed, before. */
  CompletableFuture<Optional<Outcome>> stored(
      KnownSession known, Entry entry, @Nullable Instant date) {
    return own(known, entry, date);
  }

  /** An earlier attempt of it was stored: for good, unless the place had been reclaimed. */
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
                known.fold(entry);
                return Loop.done(Outcome.STORED);
              }
              return resolve(known, entry, freshness);
            });
  }

  /** The place is taken; it may be by an earlier attempt. */
  private CompletableFuture<Optional<Outcome>> taken(KnownSession known, Entry entry) {
    long place = entry.first();
    return requests
        .read(
            known.keys().segment(place),
            bytes -> Entry.fromBytes(known.session().id(), place, bytes))
        .thenCompose(
            read -> {
              if (read.value().isEmpty()) {
                // Reclaimed since, or a server that forgets.
                return judge
                    .anew(known, place)
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

  /** Another's entry stands there: for good, unless the place had been reclaimed. */
  CompletableFuture<Optional<Outcome>> takenByOther(
      KnownSession known, Entry entry, Entry there, @Nullable Instant date) {
    return judge
        .judge(known, entry.first(), date)
        .thenCompose(
            freshness -> {
              if (freshness == Freshness.CURRENT) {
                known.meet(there);
                return Loop.done(Outcome.LOST);
              }
              return resolve(known, entry, freshness);
            });
  }

  /** The answer does not count: the chunk decides, unless the life is over. */
  CompletableFuture<Optional<Outcome>> resolve(
      KnownSession known, Entry entry, Freshness freshness) {
    return freshness == Freshness.COMPACTED ? below(known, entry) : Loop.done(Outcome.GONE);
  }

  /** The place was compacted: what stands at it in the chunk is what was stored. */
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
