package ai.starcite.store.s3;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.spi.ReadOutcome;
import ai.starcite.spi.SessionKey;
import ai.starcite.spi.StoredSession;
import ai.starcite.store.s3.Judge.Verdict;
import ai.starcite.store.s3.Track.Head;
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
class Reader {
  /** Readings may overtake a reader, but not for ever. */
  private static final int MOST_ROUNDS = 8;

  private final Requests requests;
  private final Tracks tracks;
  private final Judge judge;
  private final Walker walker;
  private final Endings endings;
  private final Chunks chunks;
  private final Checkpoints checkpoints;

  Reader(
      Requests requests,
      Tracks tracks,
      Judge judge,
      Walker walker,
      Endings endings,
      Chunks chunks,
      Checkpoints checkpoints) {
    this.requests = requests;
    this.tracks = tracks;
    this.judge = judge;
    this.walker = walker;
    this.endings = endings;
    this.chunks = chunks;
    this.checkpoints = checkpoints;
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
                      head ->
                          head.isPresent()
                              ? stored(track.get(), head.get())
                              // Deleted meanwhile; there may be a new life.
                              : load(sessionId));
            });
  }

  /** Looks for the head each time: others may have appended. */
  CompletableFuture<Optional<Head>> head(Track track) {
    return walker.toHead(track);
  }

  /** Record and head of one moment, so that neither a seal nor a compaction is seen in part. */
  private CompletableFuture<Optional<StoredSession>> stored(Track track, Head head) {
    return checkpoints
        .latest(track, head)
        .thenApply(
            checkpoint ->
                Optional.of(
                    new StoredSession(
                        head.reading().manifest().record(), head.next(), checkpoint)));
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
    Head head = track.head();
    if (fromSeq < head.reading().boundary()) {
      return compacted(track, fromSeq, maxBytes);
    }
    if (!head.placed()) {
      return walker.toHead(track).thenCompose(found -> Loop.again());
    }
    return head.knows(fromSeq)
        ? known(track, fromSeq, maxBytes)
        : atHead(track, head.terminal(), fromSeq);
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
                  .found(track, places.get(0), latest(read))
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
  private CompletableFuture<Optional<ReadOutcome>> atHead(
      Track track, @Nullable Entry terminal, long fromSeq) {
    if (terminal != null) {
      return ended(track, terminal)
          .thenCompose(
              alive -> alive ? Loop.done(new ReadOutcome.Segments(List.of())) : Loop.again());
    }
    return walker
        .step(track)
        .thenCompose(
            step -> {
              if (step.place() > fromSeq) {
                // Another thread has met what is at this seq, so that its successor tells nothing.
                return Loop.again();
              }
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
    Entry last = entries.get(entries.size() - 1);
    return (last.isTerminal() ? ended(track, last) : Requests.done(true))
        .thenApply(
            alive ->
                alive
                    ? Optional.of(
                        new ReadOutcome.Segments(
                            entries.stream().map(Entry::segment).filter(Objects::nonNull).toList()))
                    : Optional.empty());
  }

  /** Completes what ends a session; nothing comes behind it, not even what tells of a deletion. */
  private CompletableFuture<Boolean> ended(Track track, Entry terminal) {
    return endings
        .finish(track, terminal)
        .thenCompose(alive -> alive ? tracks.refresh(track) : Requests.done(false));
  }
}
