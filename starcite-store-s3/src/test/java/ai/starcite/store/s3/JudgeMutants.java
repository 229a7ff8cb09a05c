package ai.starcite.store.s3;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Judges that believe too much. */
final class JudgeMutants {
  private JudgeMutants() {}

  static final class BelievesAbsence extends Judge {
    BelievesAbsence(Tracks tracks, S3Settings settings) {
      super(tracks, settings);
    }

    @Override
    CompletableFuture<Verdict> absent(Track track, long place, @Nullable Instant date) {
      return Requests.done(Verdict.COUNTS);
    }
  }

  static final class BelievesFinds extends Judge {
    BelievesFinds(Tracks tracks, S3Settings settings) {
      super(tracks, settings);
    }

    @Override
    CompletableFuture<Verdict> found(Track track, long place, @Nullable Instant date) {
      return Requests.done(Verdict.COUNTS);
    }
  }

  static final class FreshForTooLong extends Judge {
    FreshForTooLong(Tracks tracks, S3Settings settings) {
      super(tracks, settings);
    }

    @Override
    Duration freshFor() {
      return super.freshFor().multipliedBy(3);
    }
  }

  static final class ForgetsBoundary extends Judge {
    ForgetsBoundary(Tracks tracks, S3Settings settings) {
      super(tracks, settings);
    }

    @Override
    boolean counts(Reading reading, long place, @Nullable Instant date) {
      return isFresh(reading, date);
    }
  }

  static final class BelievesGenerations extends Generations {
    BelievesGenerations(Requests requests, Tracks tracks, Judge judge) {
      super(requests, tracks, judge);
    }

    @Override
    boolean counts(Reading base, @Nullable Instant date) {
      return true;
    }
  }
}
