package ai.starcite.store.s3.internal.protocol;

import ai.starcite.store.s3.internal.client.ObjectClient;
import ai.starcite.store.s3.internal.client.ObjectClient.Put;
import ai.starcite.store.s3.internal.format.Entry;
import ai.starcite.store.s3.internal.format.Manifest;
import ai.starcite.store.s3.internal.protocol.Judge.Freshness;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Puts of segments and generations that decide without checking. */
final class PutMutants {
  private PutMutants() {}

  static final class BelievesStored extends SegmentPuts {
    BelievesStored(Requests requests, Judge judge, Chunks chunks) {
      super(requests, judge, chunks);
    }

    @Override
    CompletableFuture<Optional<Outcome>> stored(
        KnownSession known, Entry entry, @Nullable Instant date) {
      return take(known, entry);
    }
  }

  static final class BelievesOwn extends SegmentPuts {
    BelievesOwn(Requests requests, Judge judge, Chunks chunks) {
      super(requests, judge, chunks);
    }

    @Override
    CompletableFuture<Optional<Outcome>> storedBefore(
        KnownSession known, Entry entry, @Nullable Instant date) {
      return take(known, entry);
    }
  }

  static final class BelievesOthers extends SegmentPuts {
    BelievesOthers(Requests requests, Judge judge, Chunks chunks) {
      super(requests, judge, chunks);
    }

    @Override
    CompletableFuture<Optional<Outcome>> takenByOther(
        KnownSession known, Entry entry, Entry there, @Nullable Instant date) {
      known.addForeign(there);
      return Loop.done(Outcome.LOST);
    }
  }

  static final class BelievesTerminals extends SegmentPuts {
    BelievesTerminals(Requests requests, Judge judge, Chunks chunks) {
      super(requests, judge, chunks);
    }

    @Override
    CompletableFuture<Optional<Outcome>> own(
        KnownSession known, Entry entry, @Nullable Instant date) {
      return entry.isTerminal() ? take(known, entry) : super.own(known, entry, date);
    }
  }

  static final class NothingWasCompacted extends SegmentPuts {
    NothingWasCompacted(Requests requests, Judge judge, Chunks chunks) {
      super(requests, judge, chunks);
    }

    @Override
    CompletableFuture<Optional<Outcome>> below(KnownSession known, Entry entry) {
      return Loop.done(Outcome.LOST);
    }
  }

  static final class EverythingWasCompacted extends SegmentPuts {
    EverythingWasCompacted(Requests requests, Judge judge, Chunks chunks) {
      super(requests, judge, chunks);
    }

    @Override
    CompletableFuture<Optional<Outcome>> below(KnownSession known, Entry entry) {
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
    CompletableFuture<Optional<Outcome>> resolve(
        KnownSession known, Entry entry, Freshness freshness) {
      return super.resolve(known, entry, freshness)
          .thenCompose(
              outcome ->
                  outcome.isEmpty() || outcome.get() == Outcome.STORED
                      ? Requests.done(outcome)
                      : requests
                          .delete(List.of(known.keys().segment(entry.first())))
                          .thenApply(deleted -> outcome));
    }
  }

  /** Requests that can also be sent only once. */
  static final class Once extends Requests {
    private final ObjectClient objects;

    Once(ObjectClient objects, S3Settings settings, Environment environment) {
      super(objects, settings.retry(), environment);
      this.objects = objects;
    }

    /** Returns the answer to a put, or empty if there was none. */
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
    CompletableFuture<Optional<Outcome>> attempt(KnownSession known, Entry entry) {
      String key = known.keys().segment(entry.first());
      return requests
          .putOnce(key, entry.bytes())
          .thenCompose(
              put ->
                  put.isPresent()
                      ? answered(known, entry, put.get())
                      : requests
                          .get(key)
                          .thenCompose(
                              got ->
                                  got.bytes() == null
                                      ? Loop.done(Outcome.LOST)
                                      : answered(known, entry, new Put(false, got.date()))));
    }
  }

  static final class ResolvesGenerationsByReading extends Generations {
    private final Once requests;
    private final KnownSessions sessions;

    ResolvesGenerationsByReading(Once requests, KnownSessions sessions, Judge judge) {
      super(requests, sessions, judge);
      this.requests = requests;
      this.sessions = sessions;
    }

    @Override
    CompletableFuture<Outcome> send(KnownSession known, Snapshot base, Manifest next) {
      return requests
          .putOnce(key(base), next.toBytes())
          .thenCompose(
              put ->
                  put.isPresent()
                      ? answered(known, base, next, put.get())
                      : sessions
                          .refresh(known)
                          .thenCompose(
                              alive ->
                                  alive && known.snapshot().generation() <= base.generation()
                                      ? Requests.done(Outcome.LOST)
                                      : send(known, base, next)));
    }
  }

  static final class TakenGenerationsAreLost extends Generations {
    TakenGenerationsAreLost(Requests requests, KnownSessions sessions, Judge judge) {
      super(requests, sessions, judge);
    }

    @Override
    CompletableFuture<Outcome> taken(KnownSession known, Snapshot base, Manifest next) {
      return Requests.done(Outcome.LOST);
    }
  }

  private static CompletableFuture<Optional<SegmentPuts.Outcome>> take(
      KnownSession known, Entry entry) {
    known.add(entry);
    return Loop.done(SegmentPuts.Outcome.STORED);
  }
}
