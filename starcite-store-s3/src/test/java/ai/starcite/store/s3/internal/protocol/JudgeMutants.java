package ai.starcite.store.s3.internal.protocol;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Judges that trust too many answers. */
final class JudgeMutants {
  private JudgeMutants() {}

  static final class BelievesAbsence extends Judge {
    BelievesAbsence(KnownSessions sessions, S3Settings settings) {
      super(sessions, settings);
    }

    @Override
    CompletableFuture<Freshness> absent(KnownSession known, long place, @Nullable Instant date) {
      return Requests.done(Freshness.CURRENT);
    }
  }

  static final class BelievesFinds extends Judge {
    BelievesFinds(KnownSessions sessions, S3Settings settings) {
      super(sessions, settings);
    }

    @Override
    CompletableFuture<Freshness> found(KnownSession known, long place, @Nullable Instant date) {
      return Requests.done(Freshness.CURRENT);
    }
  }

  static final class FreshForTooLong extends Judge {
    FreshForTooLong(KnownSessions sessions, S3Settings settings) {
      super(sessions, settings);
    }

    @Override
    Duration freshFor() {
      return super.freshFor().multipliedBy(3);
    }
  }

  static final class ForgetsBoundary extends Judge {
    ForgetsBoundary(KnownSessions sessions, S3Settings settings) {
      super(sessions, settings);
    }

    @Override
    boolean counts(Snapshot snapshot, long place, @Nullable Instant date) {
      return isFresh(snapshot, date);
    }
  }

  static final class BelievesGenerations extends Generations {
    BelievesGenerations(Requests requests, KnownSessions sessions, Judge judge) {
      super(requests, sessions, judge);
    }

    @Override
    boolean counts(Snapshot base, @Nullable Instant date) {
      return true;
    }
  }
}
