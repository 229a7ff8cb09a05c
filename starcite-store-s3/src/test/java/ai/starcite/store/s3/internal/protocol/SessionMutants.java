package ai.starcite.store.s3.internal.protocol;

import ai.starcite.spi.Segment;
import ai.starcite.store.s3.internal.format.Chunk;
import ai.starcite.store.s3.internal.format.Entry;
import ai.starcite.store.s3.internal.format.Keys;
import ai.starcite.store.s3.internal.format.Manifest.ChunkRef;
import ai.starcite.store.s3.internal.protocol.KnownSession.Head;
import ai.starcite.store.s3.internal.protocol.SnapshotReader.Highest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Parts that remember what they should read, or do not look again when they should. */
final class SessionMutants {
  private SessionMutants() {}

  static final class KnownLives extends SnapshotReader {
    KnownLives(Requests requests, Duration grace) {
      super(requests, grace);
    }

    @Override
    CompletableFuture<Optional<Optional<Snapshot>>> read(
        String sessionId, @Nullable Snapshot held) {
      return held == null
          ? super.read(sessionId, null)
          : inLife(sessionId, new Highest(held.life(), null, null), held);
    }
  }

  static final class DatedByLast extends SnapshotReader {
    DatedByLast(Requests requests, Duration grace) {
      super(requests, grace);
    }

    @Override
    @Nullable Instant date(@Nullable Instant first, @Nullable Instant last) {
      return last;
    }
  }

  static final class ListsOnce extends SnapshotReader {
    ListsOnce(Requests requests, Duration grace) {
      super(requests, grace);
    }

    @Override
    boolean mayBeOver(@Nullable Instant listed, @Nullable Instant read) {
      return false;
    }
  }

  static final class OneLife extends Creator {
    OneLife(Requests requests, SnapshotReader snapshots, KnownSessions sessions, Duration grace) {
      super(requests, snapshots, sessions, grace);
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
    CreatesOnce(
        Requests requests, SnapshotReader snapshots, KnownSessions sessions, Duration grace) {
      super(requests, snapshots, sessions, grace);
    }

    @Override
    boolean isTimely(@Nullable Instant listed, @Nullable Instant answered) {
      return true;
    }
  }

  static final class LeavesUnfinished extends Finisher {
    LeavesUnfinished(
        KnownSessions sessions, Generations generations, Tokens tokens, S3Settings settings) {
      super(sessions, generations, tokens, settings);
    }

    @Override
    CompletableFuture<Boolean> finish(KnownSession known, @Nullable Entry terminal) {
      return Requests.done(!known.isGone());
    }
  }

  static final class RefusesByMemory extends Appender {
    RefusesByMemory(
        KnownSessions sessions, HeadFinder headFinder, SegmentPuts puts, Finisher finisher) {
      super(sessions, headFinder, puts, finisher);
    }

    @Override
    boolean suffices(Head last, Segment segment) {
      return last.placed() && !ends(last);
    }

    @Override
    CompletableFuture<Optional<Head>> stillThere(KnownSession known, Optional<Head> head) {
      return Requests.done(head);
    }
  }

  static final class KnownHead extends Reader {
    KnownHead(
        Requests requests,
        KnownSessions sessions,
        Judge judge,
        HeadFinder headFinder,
        Finisher finisher,
        Chunks chunks,
        Checkpoints checkpoints) {
      super(requests, sessions, judge, headFinder, finisher, chunks, checkpoints);
    }

    @Override
    CompletableFuture<Optional<Head>> head(KnownSession known) {
      Head last = known.head();
      return last.placed() ? Requests.done(Optional.of(last)) : super.head(known);
    }
  }

  static final class MissingIsLost extends Chunks {
    MissingIsLost(Requests requests, KnownSessions sessions, S3Settings settings) {
      super(requests, sessions, settings.cacheBytes());
    }

    @Override
    CompletableFuture<Optional<Optional<Chunk>>> onMissing(KnownSession known, ChunkRef ref) {
      return CompletableFuture.failedFuture(missing(known, ref));
    }
  }
}
