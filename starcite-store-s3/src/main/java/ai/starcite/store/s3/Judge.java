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
final class Judge {
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
  private final Rules rules;
  private final boolean strict;
  private final Duration earliest;
  private final Duration latest;

  Judge(Tracks tracks, Rules rules, S3Settings settings) {
    this.tracks = tracks;
    this.rules = rules;
    this.strict = settings.strict();
    this.earliest = settings.grace().dividedBy(4).negated();
    Duration half = settings.grace().dividedBy(2);
    this.latest = rules.keeps(Rule.HALF_GRACE) ? half : half.multipliedBy(3);
  }

  /** Whether an answer came soon enough after a reading to be judged by it. */
  boolean isFresh(Reading reading, @Nullable Instant date) {
    if (strict || date == null) {
      return false;
    }
    Duration age = Duration.between(reading.date(), date);
    return age.compareTo(earliest) >= 0 && age.compareTo(latest) < 0;
  }

  /**
   * Judges an answer about a place.
   *
   * @param date of the answer, or null if it had none
   * @param rule the rule by which such answers are judged
   */
  CompletableFuture<Verdict> judge(Track track, long place, @Nullable Instant date, Rule rule) {
    if (!rules.keeps(rule)) {
      return Requests.done(Verdict.COUNTS);
    }
    Reading reading = track.reading();
    if (isFresh(reading, date)
        && (place >= reading.boundary() || !rules.keeps(Rule.BOUNDARY_ALWAYS))) {
      return Requests.done(Verdict.COUNTS);
    }
    return anew(track, place);
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
