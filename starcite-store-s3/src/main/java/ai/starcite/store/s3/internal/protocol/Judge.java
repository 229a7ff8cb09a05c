package ai.starcite.store.s3.internal.protocol;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether an answer about a place of a log counts. Compacted segments are deleted, so a
 * place below the boundary may be found empty, or be written again.
 *
 * <p>A boundary that was read can be relied on for half the grace, because nothing is deleted
 * before the whole of it. A later answer is judged by a new snapshot, taken after the answer: the
 * boundary never goes back, so it was no higher at the time of the answer. Thread-safe.
 */
class Judge {
  /** Says what an answer is worth. */
  enum Freshness {
    /** It is about the current log of the session. */
    CURRENT,
    /** It is about a place that was compacted, and proves nothing. */
    COMPACTED,
    /** The session was deleted. */
    GONE
  }

  private final KnownSessions sessions;
  private final boolean strict;
  private final Duration grace;

  Judge(KnownSessions sessions, S3Settings settings) {
    this.sessions = sessions;
    this.strict = settings.strict();
    this.grace = settings.grace();
  }

  /** Returns whether an answer came soon enough after a snapshot to be judged by it. */
  boolean isFresh(Snapshot snapshot, @Nullable Instant date) {
    if (strict || date == null) {
      return false;
    }
    Duration age = Duration.between(snapshot.date(), date);
    return age.compareTo(grace.dividedBy(4).negated()) >= 0 && age.compareTo(freshFor()) < 0;
  }

  /** Returns how long a snapshot can be relied on. */
  Duration freshFor() {
    return grace.dividedBy(2);
  }

  /** Judges an answer that a place is empty. */
  CompletableFuture<Freshness> absent(KnownSession known, long place, @Nullable Instant date) {
    return judge(known, place, date);
  }

  /** Judges an answer that something is at a place. */
  CompletableFuture<Freshness> found(KnownSession known, long place, @Nullable Instant date) {
    return judge(known, place, date);
  }

  /**
   * Judges an answer about a place.
   *
   * @param date the date of the answer, or null if it had none
   */
  CompletableFuture<Freshness> judge(KnownSession known, long place, @Nullable Instant date) {
    return counts(known.snapshot(), place, date)
        ? Requests.done(Freshness.CURRENT)
        : byNewSnapshot(known, place);
  }

  /** Returns whether a snapshot suffices to trust an answer; if not, a new one decides. */
  boolean counts(Snapshot snapshot, long place, @Nullable Instant date) {
    return isFresh(snapshot, date) && place >= snapshot.boundary();
  }

  /** Judges an answer by a snapshot that is taken now. */
  CompletableFuture<Freshness> byNewSnapshot(KnownSession known, long place) {
    return sessions
        .refresh(known)
        .thenApply(
            alive -> {
              if (!alive) {
                return Freshness.GONE;
              }
              return place >= known.snapshot().boundary() ? Freshness.CURRENT : Freshness.COMPACTED;
            });
  }
}
