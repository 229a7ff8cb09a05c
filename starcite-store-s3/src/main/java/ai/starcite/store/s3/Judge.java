package ai.starcite.store.s3;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether an answer about a place of a log can be believed. Compacted segments are deleted,
 * so that a place below the boundary may be found empty, or be written again. What was held to be
 * the boundary is the boundary, for all that matters, as long as half the grace: nothing is deleted
 * before the whole of it. An answer that comes later is judged by a new reading, which begins after
 * it: the boundary never goes back, so that it was no higher when the answer was given.
 * Thread-safe.
 */
class Judge {
  /** What an answer is worth. */
  enum Verdict {
    /** It is about a living session's log. */
    COUNTS,
    /** It is about a place that was compacted, and says nothing. */
    BELOW,
    /** The life of the session is over. */
    GONE
  }

  private final Tracks tracks;
  private final boolean strict;
  private final Duration grace;

  Judge(Tracks tracks, S3Settings settings) {
    this.tracks = tracks;
    this.strict = settings.strict();
    this.grace = settings.grace();
  }

  /** Whether an answer came soon enough after a reading to be judged by it. */
  boolean isFresh(Reading reading, @Nullable Instant date) {
    if (strict || date == null) {
      return false;
    }
    Duration age = Duration.between(reading.date(), date);
    return age.compareTo(grace.dividedBy(4).negated()) >= 0 && age.compareTo(freshFor()) < 0;
  }

  /** Returns how long a snapshot can be relied on: well below the time after which objects go. */
  Duration freshFor() {
    return grace.dividedBy(2);
  }

  /** Judges that a place was found empty. */
  CompletableFuture<Verdict> absent(Track track, long place, @Nullable Instant date) {
    return judge(track, place, date);
  }

  /** Judges that something was read at a place. */
  CompletableFuture<Verdict> found(Track track, long place, @Nullable Instant date) {
    return judge(track, place, date);
  }

  /**
   * Judges an answer about a place.
   *
   * @param date the date of the answer, or null if it had none
   */
  CompletableFuture<Verdict> judge(Track track, long place, @Nullable Instant date) {
    return counts(track.reading(), place, date)
        ? Requests.done(Verdict.COUNTS)
        : anew(track, place);
  }

  /** Returns whether an answer counts by a snapshot; if not, a new snapshot has to decide. */
  boolean counts(Reading reading, long place, @Nullable Instant date) {
    return isFresh(reading, date) && place >= reading.boundary();
  }

  /** Judges an answer by a reading that begins now. */
  CompletableFuture<Verdict> anew(Track track, long place) {
    return tracks
        .refresh(track)
        .thenApply(
            alive -> {
              if (!alive) {
                return Verdict.GONE;
              }
              return place >= track.reading().boundary() ? Verdict.COUNTS : Verdict.BELOW;
            });
  }
}
