package ai.starcite.store.s3;

import ai.starcite.store.s3.Judge.Verdict;
import ai.starcite.store.s3.ObjectClient.Put;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Puts an entry at its place, and finds out whether it stands there for good. What comes in its way
 * is believed only as the {@link Judge} allows; a place below the boundary is settled by the chunk
 * that it is in. Thread-safe.
 */
final class SegmentPuts {
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
  private final Rules rules;

  SegmentPuts(Requests requests, Judge judge, Chunks chunks, Rules rules) {
    this.requests = requests;
    this.judge = judge;
    this.chunks = chunks;
    this.rules = rules;
  }

  /**
   * Puts an entry. The track goes on by it, or by what stands in its place.
   *
   * @return fails with a {@code REFUSED} if nothing was written and never will be; with anything
   *     else it may have been
   */
  CompletableFuture<Outcome> put(Track track, Entry entry) {
    boolean[] first = {true};
    return Loop.until(
        () -> {
          boolean again = !first[0];
          first[0] = false;
          CompletableFuture<Optional<Outcome>> taken = attempt(track, entry);
          return again ? unknownWhereRefused(taken) : taken;
        });
  }

  /** After an attempt that may have had an effect, a refusal of the next one says nothing. */
  private static <T> CompletableFuture<T> unknownWhereRefused(CompletableFuture<T> taken) {
    return taken.exceptionallyCompose(
        failure ->
            CompletableFuture.failedFuture(
                Requests.isRefusal(failure)
                    ? new ObjectException(
                        ObjectException.Kind.UNKNOWN, failure.getMessage(), failure)
                    : failure));
  }

  private CompletableFuture<Optional<Outcome>> attempt(Track track, Entry entry) {
    return send(track, entry)
        .thenCompose(
            put ->
                put.isEmpty()
                    ? Loop.done(Outcome.LOST)
                    : unknownWhereRefused(
                        put.get().stored()
                            ? mine(track, entry, put.get().date(), Rule.CHECK_STORED)
                            : taken(track, entry)));
  }

  /** Sends it until there is an answer; empty if it is given up as lost. */
  private CompletableFuture<Optional<Put>> send(Track track, Entry entry) {
    String key = track.keys().segment(entry.first());
    if (rules.keeps(Rule.SETTLE_BY_SENDING)) {
      return requests.put(key, entry.bytes()).thenApply(Optional::of);
    }
    return requests
        .putOnce(key, entry.bytes())
        .handle((put, failure) -> Optional.ofNullable(put))
        .thenCompose(
            put ->
                put.isPresent()
                    ? Requests.done(put)
                    : requests
                        .get(key)
                        .thenApply(
                            got ->
                                got.bytes() == null
                                    ? Optional.<Put>empty()
                                    : Optional.of(new Put(false, got.date()))));
  }

  private CompletableFuture<Optional<Outcome>> mine(
      Track track, Entry entry, @Nullable Instant date, Rule rule) {
    if (entry.isTerminal() && !rules.keeps(Rule.CHECK_TERMINAL)) {
      track.fold(entry);
      return Loop.done(Outcome.STORED);
    }
    return judge
        .judge(track, entry.first(), date, rule)
        .thenCompose(
            verdict -> {
              if (verdict == Verdict.COUNTS) {
                track.fold(entry);
                return Loop.done(Outcome.STORED);
              }
              return verdict == Verdict.BELOW ? below(track, entry) : over(track, entry);
            });
  }

  /** The place is taken; it may be by an earlier attempt. */
  private CompletableFuture<Optional<Outcome>> taken(Track track, Entry entry) {
    long place = entry.first();
    return requests
        .read(
            track.keys().segment(place),
            bytes -> Entry.fromBytes(track.session().id(), place, bytes))
        .thenCompose(
            read -> {
              if (read.value().isEmpty()) {
                // Reclaimed since, or a server that forgets.
                return judge
                    .anew(track, place)
                    .thenCompose(
                        verdict ->
                            switch (verdict) {
                              case COUNTS -> Loop.again();
                              case BELOW -> below(track, entry);
                              case GONE -> over(track, entry);
                            });
              }
              Entry there = read.value().get();
              return there.token().equals(entry.token())
                  ? mine(track, entry, read.date(), Rule.CHECK_OWN_TOKEN)
                  : others(track, entry, there, read.date());
            });
  }

  private CompletableFuture<Optional<Outcome>> others(
      Track track, Entry entry, Entry there, @Nullable Instant date) {
    return judge
        .judge(track, entry.first(), date, Rule.CHECK_OTHER_TOKEN)
        .thenCompose(
            verdict -> {
              if (verdict == Verdict.COUNTS) {
                track.meet(there);
                return Loop.done(Outcome.LOST);
              }
              return verdict == Verdict.BELOW ? below(track, entry) : over(track, entry);
            });
  }

  /** The place was compacted: what stands at it in the chunk is what was stored. */
  private CompletableFuture<Optional<Outcome>> below(Track track, Entry entry) {
    if (!rules.keeps(Rule.CHUNK_CONFIRMS)) {
      return lost(track, entry);
    }
    if (!rules.keeps(Rule.CHUNK_REFUTES)) {
      return Loop.done(Outcome.STORED);
    }
    return chunks
        .with(track, entry.first())
        .thenCompose(
            chunk -> {
              if (track.isGone()) {
                return over(track, entry);
              }
              boolean stored =
                  chunk
                      .flatMap(found -> found.tokenAt(entry.first()))
                      .filter(entry.token()::equals)
                      .isPresent();
              return stored ? Loop.done(Outcome.STORED) : lost(track, entry);
            });
  }

  private CompletableFuture<Optional<Outcome>> lost(Track track, Entry entry) {
    return clean(track, entry).thenCompose(cleaned -> Loop.done(Outcome.LOST));
  }

  private CompletableFuture<Optional<Outcome>> over(Track track, Entry entry) {
    return clean(track, entry).thenCompose(cleaned -> Loop.done(Outcome.GONE));
  }

  /** What a writer must not do. */
  private CompletableFuture<Void> clean(Track track, Entry entry) {
    return rules.keeps(Rule.WRITERS_DELETE_NOTHING)
        ? Requests.done(null)
        : requests.delete(List.of(track.keys().segment(entry.first())));
  }
}
