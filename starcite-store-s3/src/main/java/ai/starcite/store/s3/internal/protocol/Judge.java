package ai.starcite.store.s3.internal.protocol;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether an answer about a place of a log can be believed. Compacted segments are deleted,
 * so that a place below the boundary may be found empty, or be written again. What was held to be
 * the boundary is the boundary, for all that matters, as long as half the grace: nothing is deleted
 * before the whole of it. An answer that comes later is judged by a new snapshot, which begins
 * after it: the boundary never goes back, so that it was no higher when the answer was given.
 * Thread-safe.
 */
class Judge {
  /** What an answer is worth. */
  enum Freshness {
    /** It is about a living session's log. */
    CURRENT,
    /** It is about a place that was compacted, and says nothing. */
    COMPACTED,
    /** The life of the session is over. */
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

  /** Whether an answer came soon enough after a snapshot to be judged by it. */
  boolean isFresh(Snapshot snapshot, @Nullable Instant date) {
    if (strict || date == null) {
      return false;
    }
    Duration age = Duration.between(snapshot.date(), date);
    return age.compareTo(grace.dividedBy(4).negated()) >= 0 && age.compareTo(freshFor()) < 0;
  }

  /** Returns how long a snapshot can be relied on: well below the time after which objects go. */
  Duration freshFor() {
    return grace.dividedBy(2);
  }

  /** Judges that a place was found empty. */
  CompletableFuture<Freshness> absent(KnownSession known, long place, @Nullable Instant date) {
    return judge(known, place, date);
  }

  /** Judges that something was read at a place. */
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
        : anew(known, place);
  }

  /** Returns whether an answer counts by a snapshot; if not, a new snapshot has to decide. */
  boolean counts(Snapshot snapshot, long place, @Nullable Instant date) {
    return isFresh(snapshot, date) && place >= snapshot.boundary();
  }

  /** Judges an answer by a snapshot that begins now. */
  CompletableFuture<Freshness> anew(KnownSession known, long place) {
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
