package ai.starcite.store.s3;

import ai.starcite.store.s3.Judge.Verdict;
import ai.starcite.store.s3.ObjectClient.Put;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Puts of segments and generations that take too much, or too little, for granted. */
final class PutMutants {
  private PutMutants() {}

  static final class BelievesStored extends SegmentPuts {
    BelievesStored(Requests requests, Judge judge, Chunks chunks) {
      super(requests, judge, chunks);
    }

    @Override
    CompletableFuture<Optional<Outcome>> stored(Track track, Entry entry, @Nullable Instant date) {
      return take(track, entry);
    }
  }

  static final class BelievesOwn extends SegmentPuts {
    BelievesOwn(Requests requests, Judge judge, Chunks chunks) {
      super(requests, judge, chunks);
    }

    @Override
    CompletableFuture<Optional<Outcome>> storedBefore(
        Track track, Entry entry, @Nullable Instant date) {
      return take(track, entry);
    }
  }

  static final class BelievesOthers extends SegmentPuts {
    BelievesOthers(Requests requests, Judge judge, Chunks chunks) {
      super(requests, judge, chunks);
    }

    @Override
    CompletableFuture<Optional<Outcome>> takenByOther(
        Track track, Entry entry, Entry there, @Nullable Instant date) {
      track.meet(there);
      return Loop.done(Outcome.LOST);
    }
  }

  static final class BelievesTerminals extends SegmentPuts {
    BelievesTerminals(Requests requests, Judge judge, Chunks chunks) {
      super(requests, judge, chunks);
    }

    @Override
    CompletableFuture<Optional<Outcome>> own(Track track, Entry entry, @Nullable Instant date) {
      return entry.isTerminal() ? take(track, entry) : super.own(track, entry, date);
    }
  }

  static final class NothingWasCompacted extends SegmentPuts {
    NothingWasCompacted(Requests requests, Judge judge, Chunks chunks) {
      super(requests, judge, chunks);
    }

    @Override
    CompletableFuture<Optional<Outcome>> below(Track track, Entry entry) {
      return Loop.done(Outcome.LOST);
    }
  }

  static final class EverythingWasCompacted extends SegmentPuts {
    EverythingWasCompacted(Requests requests, Judge judge, Chunks chunks) {
      super(requests, judge, chunks);
    }

    @Override
    CompletableFuture<Optional<Outcome>> below(Track track, Entry entry) {
      return Loop.done(Outcome.STORED);
    }
  }

  static final class DeletesStrays extends SegmentPuts {
    private final Requests requests;

    DeletesStrays(Requests requests, Judge judge, Chunks chunks) {
      super(requests, judge, chunks);
      this.requests = requests;
    }

    @Override
    CompletableFuture<Optional<Outcome>> resolve(Track track, Entry entry, Verdict verdict) {
      return super.resolve(track, entry, verdict)
          .thenCompose(
              outcome ->
                  outcome.isEmpty() || outcome.get() == Outcome.STORED
                      ? Requests.done(outcome)
                      : requests
                          .delete(List.of(track.keys().segment(entry.first())))
                          .thenApply(deleted -> outcome));
    }
  }

  /** Requests that can also be sent once. */
  static final class Once extends Requests {
    private final ObjectClient objects;

    Once(ObjectClient objects, S3Settings settings, Surroundings surroundings) {
      super(objects, settings.retry(), surroundings);
      this.objects = objects;
    }

    /** The answer to a put, or empty if there was none. */
    CompletableFuture<Optional<Put>> putOnce(String key, byte[] bytes) {
      return objects
          .putIfAbsent(key, bytes)
          .toCompletableFuture()
          .handle((put, failure) -> Optional.ofNullable(put));
    }
  }

  static final class ResolvesByReading extends SegmentPuts {
    private final Once requests;

    ResolvesByReading(Once requests, Judge judge, Chunks chunks) {
      super(requests, judge, chunks);
      this.requests = requests;
    }

    @Override
    CompletableFuture<Optional<Outcome>> attempt(Track track, Entry entry) {
      String key = track.keys().segment(entry.first());
      return requests
          .putOnce(key, entry.bytes())
          .thenCompose(
              put ->
                  put.isPresent()
                      ? answered(track, entry, put.get())
                      : requests
                          .get(key)
                          .thenCompose(
                              got ->
                                  got.bytes() == null
                                      ? Loop.done(Outcome.LOST)
                                      : answered(track, entry, new Put(false, got.date()))));
    }
  }

  static final class ResolvesGenerationsByReading extends Generations {
    private final Once requests;
    private final Tracks tracks;

    ResolvesGenerationsByReading(Once requests, Tracks tracks, Judge judge) {
      super(requests, tracks, judge);
      this.requests = requests;
      this.tracks = tracks;
    }

    @Override
    CompletableFuture<Outcome> send(Track track, Reading base, Manifest next) {
      return requests
          .putOnce(key(base), next.toBytes())
          .thenCompose(
              put ->
                  put.isPresent()
                      ? answered(track, base, next, put.get())
                      : tracks
                          .refresh(track)
                          .thenCompose(
                              alive ->
                                  alive && track.reading().generation() <= base.generation()
                                      ? Requests.done(Outcome.LOST)
                                      : send(track, base, next)));
    }
  }

  static final class TakenGenerationsAreLost extends Generations {
    TakenGenerationsAreLost(Requests requests, Tracks tracks, Judge judge) {
      super(requests, tracks, judge);
    }

    @Override
    CompletableFuture<Outcome> taken(Track track, Reading base, Manifest next) {
      return Requests.done(Outcome.LOST);
    }
  }

  private static CompletableFuture<Optional<SegmentPuts.Outcome>> take(Track track, Entry entry) {
    track.fold(entry);
    return Loop.done(SegmentPuts.Outcome.STORED);
  }
}
