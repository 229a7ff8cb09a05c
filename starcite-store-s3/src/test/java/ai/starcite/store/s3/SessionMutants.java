package ai.starcite.store.s3;

import ai.starcite.spi.Segment;
import ai.starcite.store.s3.Manifest.ChunkRef;
import ai.starcite.store.s3.Readings.Highest;
import ai.starcite.store.s3.Track.Head;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Parts that remember what they should read, or do not look again where they should. */
final class SessionMutants {
  private SessionMutants() {}

  static final class KnownLives extends Readings {
    KnownLives(Requests requests, Duration grace) {
      super(requests, grace);
    }

    @Override
    CompletableFuture<Optional<Optional<Reading>>> read(String sessionId, @Nullable Reading held) {
      return held == null
          ? super.read(sessionId, null)
          : inLife(sessionId, new Highest(held.life(), null, null), held);
    }
  }

  static final class DatedByLast extends Readings {
    DatedByLast(Requests requests, Duration grace) {
      super(requests, grace);
    }

    @Override
    @Nullable Instant date(@Nullable Instant first, @Nullable Instant last) {
      return last;
    }
  }

  static final class ListsOnce extends Readings {
    ListsOnce(Requests requests, Duration grace) {
      super(requests, grace);
    }

    @Override
    boolean mayBeOver(@Nullable Instant listed, @Nullable Instant read) {
      return false;
    }
  }

  static final class OneLife extends Creator {
    OneLife(Requests requests, Readings readings, Tracks tracks, Duration grace) {
      super(requests, readings, tracks, grace);
    }

    @Override
    long next(Highest highest) {
      return 1;
    }
  }

  static final class DeletesLives extends Tombstones {
    private final Requests requests;

    DeletesLives(Requests requests, Tokens tokens) {
      super(requests, tokens);
      this.requests = requests;
    }

    @Override
    CompletableFuture<Void> put(String sessionId, long number) {
      return requests.delete(List.of(Keys.of(sessionId).life(number - 1)));
    }
  }

  static final class CreatesOnce extends Creator {
    CreatesOnce(Requests requests, Readings readings, Tracks tracks, Duration grace) {
      super(requests, readings, tracks, grace);
    }

    @Override
    boolean isTimely(@Nullable Instant listed, @Nullable Instant answered) {
      return true;
    }
  }

  static final class LeavesUnfinished extends Endings {
    LeavesUnfinished(Tracks tracks, Generations generations, Tokens tokens, S3Settings settings) {
      super(tracks, generations, tokens, settings);
    }

    @Override
    CompletableFuture<Boolean> finish(Track track, @Nullable Entry terminal) {
      return Requests.done(!track.isGone());
    }
  }

  static final class RefusesByMemory extends Appender {
    RefusesByMemory(Tracks tracks, Walker walker, SegmentPuts puts, Endings endings) {
      super(tracks, walker, puts, endings);
    }

    @Override
    boolean suffices(Head known, Segment segment) {
      return known.placed() && !ends(known);
    }

    @Override
    CompletableFuture<Optional<Head>> stillThere(Track track, Optional<Head> head) {
      return Requests.done(head);
    }
  }

  static final class KnownHead extends Reader {
    KnownHead(
        Requests requests,
        Tracks tracks,
        Judge judge,
        Walker walker,
        Endings endings,
        Chunks chunks,
        Checkpoints checkpoints) {
      super(requests, tracks, judge, walker, endings, chunks, checkpoints);
    }

    @Override
    CompletableFuture<Optional<Head>> head(Track track) {
      Head known = track.head();
      return known.placed() ? Requests.done(Optional.of(known)) : super.head(track);
    }
  }

  static final class MissingIsLost extends Chunks {
    MissingIsLost(Requests requests, Tracks tracks, S3Settings settings) {
      super(requests, tracks, settings.cacheBytes());
    }

    @Override
    CompletableFuture<Optional<Optional<Chunk>>> onMissing(Track track, ChunkRef ref) {
      return CompletableFuture.failedFuture(missing(track, ref));
    }
  }
}
