package ai.starcite.store.s3.internal.protocol;

import ai.starcite.store.s3.internal.client.ObjectClient.Listing;
import ai.starcite.store.s3.internal.format.Keys;
import ai.starcite.store.s3.internal.format.Manifest;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Reclaimers that delete too much. */
final class ReclaimMutants {
  private ReclaimMutants() {}

  static final class AnyOldBoundary extends Reclaimer {
    private final Requests requests;

    AnyOldBoundary(Requests requests, KnownSessions sessions, Duration grace) {
      super(requests, sessions, grace);
      this.requests = requests;
    }

    @Override
    CompletableFuture<Long> safeBoundary(Snapshot snapshot) {
      return listGenerations(snapshot)
          .thenCompose(
              listed ->
                  Parallel.map(
                      listed.objects().stream()
                          .filter(each -> isOld(each.lastModified(), snapshot.date()))
                          .map(Listing::key)
                          .toList(),
                      key -> requests.read(key, Manifest::fromBytes)))
          .thenApply(
              read ->
                  read.stream()
                      .flatMap(each -> each.value().stream())
                      .mapToLong(Manifest::boundary)
                      .max()
                      .orElse(1));
    }
  }

  static final class AnyOldGeneration extends Reclaimer {
    AnyOldGeneration(Requests requests, KnownSessions sessions, Duration grace) {
      super(requests, sessions, grace);
    }

    @Override
    List<Listing> superseded(List<Listing> all, int old) {
      return all.subList(1, all.size());
    }
  }

  static final class NoGrace extends Reclaimer {
    NoGrace(Requests requests, KnownSessions sessions, Duration grace) {
      super(requests, sessions, Duration.ZERO);
    }
  }

  static final class OrphansByAge extends Reclaimer {
    OrphansByAge(Requests requests, KnownSessions sessions, Duration grace) {
      super(requests, sessions, grace);
    }

    @Override
    boolean isDecided(Listing object, Snapshot snapshot) {
      return isOld(object.lastModified(), snapshot.date());
    }
  }

  static final class Tombstones extends Reclaimer {
    Tombstones(Requests requests, KnownSessions sessions, Duration grace) {
      super(requests, sessions, grace);
    }

    @Override
    List<Listing> lower(List<Listing> lives) {
      boolean isTombstone = Keys.lifeIn(lives.get(0).key()) % 2 == 0;
      return isTombstone ? lives : super.lower(lives);
    }
  }

  /** Reclaims all lives but the one that was read. */
  static final class OtherLives extends Reclaimer {
    private final Requests requests;
    private final Map<String, Long> read = new HashMap<>();

    OtherLives(Requests requests, KnownSessions sessions, Duration grace) {
      super(requests, sessions, grace);
      this.requests = requests;
    }

    @Override
    CompletableFuture<Void> reclaim(KnownSession known) {
      return super.reclaim(known)
          .thenAccept(
              done -> read.put(Keys.of(known.session().id()).name(), known.snapshot().life()));
    }

    @Override
    CompletableFuture<Void> dataBelow(Keys.Of keys, long highest) {
      Long kept = read.remove(keys.name());
      return requests
          .listWhile(keys.data(), "", any -> true)
          .thenCompose(
              data ->
                  delete(
                      data.objects().stream()
                          .filter(each -> kept == null || keys.lifeOf(each.key()) != kept)
                          .toList()));
    }
  }
}
