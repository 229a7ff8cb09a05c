package ai.starcite.store.s3;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.spi.ReadOutcome;
import ai.starcite.spi.SessionKey;
import ai.starcite.spi.StoredSession;
import ai.starcite.store.s3.Judge.Verdict;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Reads sessions: what is below the boundary from chunks, what is known above it at once, and at
 * the head the one key that comes next. Thread-safe.
 */
final class Reader {
  /** Readings may overtake a reader, but not for ever. */
  private static final int MOST_ROUNDS = 8;

  private final Requests requests;
  private final Tracks tracks;
  private final Judge judge;
  private final Walker walker;
  private final Endings endings;
  private final Chunks chunks;
  private final Checkpoints checkpoints;
  private final Rules rules;

  Reader(
      Requests requests,
      Tracks tracks,
      Judge judge,
      Walker walker,
      Endings endings,
      Chunks chunks,
      Checkpoints checkpoints,
      Rules rules) {
    this.requests = requests;
    this.tracks = tracks;
    this.judge = judge;
    this.walker = walker;
    this.endings = endings;
    this.chunks = chunks;
    this.checkpoints = checkpoints;
    this.rules = rules;
  }

  /** Record, head and checkpoint, as they are now. */
  CompletableFuture<Optional<StoredSession>> load(String sessionId) {
    return tracks
        .look(sessionId)
        .thenCompose(
            track -> {
              if (track.isEmpty()) {
                return Requests.done(Optional.empty());
              }
              track.get().lookAgain();
              return head(track.get())
                  .thenCompose(
                      alive ->
                          alive
                              ? stored(track.get())
                              // Deleted meanwhile; there may be a new life.
                              : load(sessionId));
            });
  }

  private CompletableFuture<Boolean> head(Track track) {
    return track.isPlaced() && !rules.keeps(Rule.WALK) ? Requests.done(true) : walker.toHead(track);
  }

  private CompletableFuture<Optional<StoredSession>> stored(Track track) {
    return checkpoints
        .latest(track)
        .thenApply(
            checkpoint ->
                Optional.of(
                    new StoredSession(
                        track.reading().manifest().record(), track.next(), checkpoint)));
  }

  CompletableFuture<ReadOutcome> read(SessionKey session, long fromSeq, int maxBytes) {
    int[] left = {MOST_ROUNDS};
    return Loop.until(
        () ->
            tracks
                .open(session)
                .thenCompose(
                    track -> {
                      if (track.isEmpty()) {
                        return Loop.done(new ReadOutcome.Gone());
                      }
                      return left[0]-- > 0
                          ? attempt(track.get(), fromSeq, maxBytes)
                          : CompletableFuture.failedFuture(
                              new SessionLogException(
                                  Code.STORE_UNAVAILABLE,
                                  "session %s changes faster than it can be read at seq %d"
                                      .formatted(session.id(), fromSeq)));
                    }));
  }

  private CompletableFuture<Optional<ReadOutcome>> attempt(
      Track track, long fromSeq, int maxBytes) {
    if (fromSeq < track.reading().boundary()) {
      return compacted(track, fromSeq, maxBytes);
    }
    if (!track.isPlaced()) {
      return walker.toHead(track).thenCompose(alive -> Loop.again());
    }
    return track.knows(fromSeq) ? known(track, fromSeq, maxBytes) : head(track, fromSeq);
  }

  private CompletableFuture<Optional<ReadOutcome>> compacted(
      Track track, long fromSeq, int maxBytes) {
    return chunks
        .with(track, fromSeq)
        .thenCompose(
            chunk ->
                chunk.isEmpty()
                    ? Loop.again()
                    : Loop.done(new ReadOutcome.Segments(chunk.get().from(fromSeq, maxBytes))));
  }

  /** Several segments at once, which are known to exist. */
  private CompletableFuture<Optional<ReadOutcome>> known(Track track, long fromSeq, int maxBytes) {
    List<Long> places = track.placesFrom(fromSeq, maxBytes, Parallel.MOST);
    if (places.isEmpty()) {
      return Loop.again();
    }
    return Parallel.map(places, place -> entry(track, place))
        .thenApply(Optional::of)
        .exceptionallyCompose(
            failure ->
                places.size() > 1 && isDamage(failure)
                    // What lies before it can be read.
                    ? Requests.done(Optional.empty())
                    : CompletableFuture.failedFuture(Requests.cause(failure)))
        .thenCompose(
            all -> {
              if (all.isEmpty()) {
                return known(track, fromSeq, 1);
              }
              List<Requests.Decoded<Entry>> read = all.get();
              if (read.stream().anyMatch(each -> each.value().isEmpty())) {
                // Compacted and reclaimed since.
                return tracks.refresh(track).thenCompose(alive -> missing(track, fromSeq));
              }
              List<Entry> entries = read.stream().map(each -> each.value().get()).toList();
              return judge
                  .judge(track, places.get(0), latest(read), Rule.CHECK_FOUND)
                  .thenCompose(
                      verdict -> verdict == Verdict.COUNTS ? found(track, entries) : Loop.again());
            });
  }

  private static boolean isDamage(Throwable failure) {
    return Requests.cause(failure) instanceof SessionLogException known
        && known.code() == Code.CORRUPT;
  }

  private static CompletableFuture<Optional<ReadOutcome>> missing(Track track, long fromSeq) {
    return track.isGone() || fromSeq < track.reading().boundary()
        ? Loop.again()
        : CompletableFuture.failedFuture(
            new SessionLogException(
                Code.CORRUPT,
                "session %s is damaged at seq %d: the object with its events is missing"
                    .formatted(track.session().id(), fromSeq)));
  }

  private static @Nullable Instant latest(List<Requests.Decoded<Entry>> read) {
    return read.stream().anyMatch(each -> each.date() == null)
        ? null
        : read.stream()
            .map(each -> Objects.requireNonNull(each.date()))
            .max(Comparator.naturalOrder())
            .orElseThrow();
  }

  private CompletableFuture<Requests.Decoded<Entry>> entry(Track track, long place) {
    Entry met = track.met(place);
    return met != null
        ? Requests.done(new Requests.Decoded<>(Optional.of(met), track.reading().date()))
        : requests.read(
            track.keys().segment(place),
            bytes -> Entry.fromBytes(track.session().id(), place, bytes));
  }

  /** What comes next, if there is anything. */
  private CompletableFuture<Optional<ReadOutcome>> head(Track track, long fromSeq) {
    if (track.terminal() != null) {
      // Nothing comes behind a seal, not even what tells of a deletion.
      return tracks
          .refresh(track)
          .thenCompose(
              alive -> alive ? Loop.done(new ReadOutcome.Segments(List.of())) : Loop.again());
    }
    return walker
        .step(track)
        .thenCompose(
            step -> {
              if (step.damage() != null) {
                return CompletableFuture.failedFuture(step.damage());
              }
              if (step.isHead()) {
                return Loop.done(new ReadOutcome.Segments(List.of()));
              }
              boolean serves =
                  step.verdict() == Verdict.COUNTS
                      && step.entry().filter(entry -> entry.first() == fromSeq).isPresent();
              return serves ? found(track, List.of(step.entry().get())) : Loop.again();
            });
  }

  private CompletableFuture<Optional<ReadOutcome>> found(Track track, List<Entry> entries) {
    tracks.weigh(track);
    boolean isLast = entries.get(entries.size() - 1).isTerminal();
    // Nothing comes behind a seal, not even what tells of a deletion.
    return (isLast
            ? endings
                .finish(track)
                .thenCompose(alive -> alive ? tracks.refresh(track) : Requests.done(false))
            : Requests.done(true))
        .thenApply(
            alive ->
                alive
                    ? Optional.of(
                        new ReadOutcome.Segments(
                            entries.stream().map(Entry::segment).filter(Objects::nonNull).toList()))
                    : Optional.empty());
  }
}
