package ai.starcite.store.s3.internal.protocol;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.spi.ReadOutcome;
import ai.starcite.spi.SessionKey;
import ai.starcite.spi.StoredSession;
import ai.starcite.store.s3.internal.format.Entry;
import ai.starcite.store.s3.internal.protocol.Judge.Freshness;
import ai.starcite.store.s3.internal.protocol.KnownSession.Head;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Reads sessions: events below the boundary from chunks, known segments above it at once, and at
 * the head the one key that comes next. Thread-safe.
 */
class Reader {
  /** A session may be compacted while it is read, but not again and again. */
  private static final int MOST_ROUNDS = 8;

  private final Requests requests;
  private final KnownSessions sessions;
  private final Judge judge;
  private final HeadFinder headFinder;
  private final Finisher finisher;
  private final Chunks chunks;
  private final Checkpoints checkpoints;

  Reader(
      Requests requests,
      KnownSessions sessions,
      Judge judge,
      HeadFinder headFinder,
      Finisher finisher,
      Chunks chunks,
      Checkpoints checkpoints) {
    this.requests = requests;
    this.sessions = sessions;
    this.judge = judge;
    this.headFinder = headFinder;
    this.finisher = finisher;
    this.chunks = chunks;
    this.checkpoints = checkpoints;
  }

  /** Returns the current record, head and checkpoint of a session. */
  CompletableFuture<Optional<StoredSession>> load(String sessionId) {
    return sessions
        .look(sessionId)
        .thenCompose(
            known -> {
              if (known.isEmpty()) {
                return Requests.done(Optional.empty());
              }
              known.get().lookAgain();
              return head(known.get())
                  .thenCompose(
                      head ->
                          head.isPresent()
                              ? stored(known.get(), head.get())
                              // Deleted meanwhile; there may be a new session.
                              : load(sessionId));
            });
  }

  /** Looks for the head each time, because others may have appended. */
  CompletableFuture<Optional<Head>> head(KnownSession known) {
    return headFinder.toHead(known);
  }

  /**
   * Returns record and head of one moment, so that neither a seal nor a compaction is seen in part.
   */
  private CompletableFuture<Optional<StoredSession>> stored(KnownSession known, Head head) {
    return checkpoints
        .latest(known, head)
        .thenApply(
            checkpoint ->
                Optional.of(
                    new StoredSession(
                        head.snapshot().manifest().record(), head.next(), checkpoint)));
  }

  CompletableFuture<ReadOutcome> read(SessionKey session, long fromSeq, int maxBytes) {
    int[] left = {MOST_ROUNDS};
    return Loop.until(
        () ->
            sessions
                .open(session)
                .thenCompose(
                    known -> {
                      if (known.isEmpty()) {
                        return Loop.done(new ReadOutcome.Gone());
                      }
                      return left[0]-- > 0
                          ? attempt(known.get(), fromSeq, maxBytes)
                          : CompletableFuture.failedFuture(
                              new SessionLogException(
                                  Code.STORE_UNAVAILABLE,
                                  "session %s changes faster than it can be read at seq %d"
                                      .formatted(session.id(), fromSeq)));
                    }));
  }

  private CompletableFuture<Optional<ReadOutcome>> attempt(
      KnownSession known, long fromSeq, int maxBytes) {
    Head head = known.head();
    if (fromSeq < head.snapshot().boundary()) {
      return compacted(known, fromSeq, maxBytes);
    }
    if (!head.placed()) {
      return headFinder.toHead(known).thenCompose(found -> Loop.again());
    }
    return head.knows(fromSeq)
        ? knownSegments(known, fromSeq, maxBytes)
        : atHead(known, head.terminal(), fromSeq);
  }

  private CompletableFuture<Optional<ReadOutcome>> compacted(
      KnownSession known, long fromSeq, int maxBytes) {
    return chunks
        .with(known, fromSeq)
        .thenCompose(
            chunk ->
                chunk.isEmpty()
                    ? Loop.again()
                    : Loop.done(new ReadOutcome.Segments(chunk.get().from(fromSeq, maxBytes))));
  }

  /** Reads several segments at once, which are known to exist. */
  private CompletableFuture<Optional<ReadOutcome>> knownSegments(
      KnownSession known, long fromSeq, int maxBytes) {
    List<Long> places = known.placesFrom(fromSeq, maxBytes, Parallel.MOST);
    if (places.isEmpty()) {
      return Loop.again();
    }
    return Parallel.map(places, place -> entry(known, place))
        .thenApply(Optional::of)
        .exceptionallyCompose(
            failure ->
                places.size() > 1 && isDamage(failure)
                    // The segments before the damage can be read.
                    ? Requests.done(Optional.empty())
                    : CompletableFuture.failedFuture(Requests.cause(failure)))
        .thenCompose(
            all -> {
              if (all.isEmpty()) {
                return knownSegments(known, fromSeq, 1);
              }
              List<Requests.Decoded<Entry>> read = all.get();
              if (read.stream().anyMatch(each -> each.value().isEmpty())) {
                // Compacted and reclaimed since.
                return sessions.refresh(known).thenCompose(alive -> missing(known, fromSeq));
              }
              List<Entry> entries = read.stream().map(each -> each.value().get()).toList();
              return judge
                  .found(known, places.get(0), latest(read))
                  .thenCompose(
                      freshness ->
                          freshness == Freshness.CURRENT ? found(known, entries) : Loop.again());
            });
  }

  private static boolean isDamage(Throwable failure) {
    return Requests.cause(failure) instanceof SessionLogException damage
        && damage.code() == Code.CORRUPT;
  }

  private static CompletableFuture<Optional<ReadOutcome>> missing(
      KnownSession known, long fromSeq) {
    return known.isGone() || fromSeq < known.snapshot().boundary()
        ? Loop.again()
        : CompletableFuture.failedFuture(
            new SessionLogException(
                Code.CORRUPT,
                "session %s is damaged at seq %d: the object with its events is missing"
                    .formatted(known.session().id(), fromSeq)));
  }

  private static @Nullable Instant latest(List<Requests.Decoded<Entry>> read) {
    return read.stream().anyMatch(each -> each.date() == null)
        ? null
        : read.stream()
            .map(each -> Objects.requireNonNull(each.date()))
            .max(Comparator.naturalOrder())
            .orElseThrow();
  }

  private CompletableFuture<Requests.Decoded<Entry>> entry(KnownSession known, long place) {
    Entry cached = known.cached(place);
    return cached != null
        ? Requests.done(new Requests.Decoded<>(Optional.of(cached), known.snapshot().date()))
        : requests.read(
            known.keys().segment(place),
            bytes -> Entry.fromBytes(known.session().id(), place, bytes));
  }

  /** Reads the next entry, if there is one. */
  private CompletableFuture<Optional<ReadOutcome>> atHead(
      KnownSession known, @Nullable Entry terminal, long fromSeq) {
    if (terminal != null) {
      return ended(known, terminal)
          .thenCompose(
              alive -> alive ? Loop.done(new ReadOutcome.Segments(List.of())) : Loop.again());
    }
    return headFinder
        .step(known)
        .thenCompose(
            step -> {
              if (step.place() > fromSeq) {
                // Another thread has found the entry at this seq; the one after it says nothing
                // here.
                return Loop.again();
              }
              if (step.damage() != null) {
                return CompletableFuture.failedFuture(step.damage());
              }
              if (step.isHead()) {
                return Loop.done(new ReadOutcome.Segments(List.of()));
              }
              boolean serves =
                  step.freshness() == Freshness.CURRENT
                      && step.entry().filter(entry -> entry.first() == fromSeq).isPresent();
              return serves ? found(known, List.of(step.entry().get())) : Loop.again();
            });
  }

  private CompletableFuture<Optional<ReadOutcome>> found(KnownSession known, List<Entry> entries) {
    sessions.weigh(known);
    Entry last = entries.get(entries.size() - 1);
    return (last.isTerminal() ? ended(known, last) : Requests.done(true))
        .thenApply(
            alive ->
                alive
                    ? Optional.of(
                        new ReadOutcome.Segments(
                            entries.stream().map(Entry::segment).filter(Objects::nonNull).toList()))
                    : Optional.empty());
  }

  /**
   * Completes what ends a session. Nothing follows it, not even the entry of a deletion, so the
   * session is refreshed.
   */
  private CompletableFuture<Boolean> ended(KnownSession known, Entry terminal) {
    return finisher
        .finish(known, terminal)
        .thenCompose(alive -> alive ? sessions.refresh(known) : Requests.done(false));
  }
}
