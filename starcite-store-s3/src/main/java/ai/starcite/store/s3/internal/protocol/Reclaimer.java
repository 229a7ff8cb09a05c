package ai.starcite.store.s3.internal.protocol;

import ai.starcite.store.s3.internal.client.ObjectClient.Listing;
import ai.starcite.store.s3.internal.format.Keys;
import ai.starcite.store.s3.internal.format.Manifest.CheckpointRef;
import ai.starcite.store.s3.internal.format.Manifest.ChunkRef;
import ai.starcite.store.s3.internal.protocol.Requests.Listed;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Deletes objects that nobody needs any more, and decides that by a new snapshot alone. All ages
 * are by the server's clock. The date of a snapshot is that of its first answer, so ages are
 * underestimated. Deleting an object twice, or late, does no harm: it is never needed again.
 * Thread-safe.
 */
class Reclaimer {
  private final Requests requests;
  private final KnownSessions sessions;
  private final Duration grace;

  Reclaimer(Requests requests, KnownSessions sessions, Duration grace) {
    this.requests = requests;
    this.sessions = sessions;
    this.grace = grace;
  }

  /** Deletes the superseded objects of a session that exists. */
  CompletableFuture<Void> reclaim(KnownSession known) {
    return sessions
        .refresh(known)
        .thenCompose(
            alive -> {
              if (!alive) {
                return Requests.done(null);
              }
              Snapshot snapshot = known.snapshot();
              return segments(snapshot)
                  .thenCompose(done -> generations(snapshot))
                  .thenCompose(
                      done -> orphans(snapshot, snapshot.keys().chunks(), chunks(snapshot)))
                  .thenCompose(
                      done ->
                          orphans(snapshot, snapshot.keys().checkpoints(), checkpoints(snapshot)));
            });
  }

  boolean isOld(@Nullable Instant then, Instant now) {
    return then != null && !then.plus(grace).isAfter(now);
  }

  private CompletableFuture<Void> segments(Snapshot snapshot) {
    return safeBoundary(snapshot)
        .thenCompose(
            safe -> {
              if (safe <= 1) {
                return Requests.done(null);
              }
              String end = snapshot.keys().segment(safe);
              return requests
                  .listWhile(snapshot.keys().segments(), "", each -> each.key().compareTo(end) < 0)
                  .thenCompose(listed -> delete(listed.objects()));
            });
  }

  /** Returns the boundary below which nobody reads segments, according to the newest generation. */
  CompletableFuture<Long> safeBoundary(Snapshot snapshot) {
    return Requests.done(
        snapshot.manifest().boundaryOld(snapshot.date(), grace, snapshot.modified()));
  }

  CompletableFuture<Listed> listGenerations(Snapshot snapshot) {
    return requests.listWhile(snapshot.keys().generations(), "", any -> true);
  }

  /** Deletes the generations below one that is old. The listing begins with the highest. */
  private CompletableFuture<Void> generations(Snapshot snapshot) {
    return listGenerations(snapshot)
        .thenCompose(
            listed -> {
              List<Listing> all = listed.objects();
              int old = 0;
              while (old < all.size() && !isOld(all.get(old).lastModified(), snapshot.date())) {
                old++;
              }
              return old < all.size() ? delete(superseded(all, old)) : Requests.done(null);
            });
  }

  /** Returns the generations that may go: those below one that has stood for the grace. */
  List<Listing> superseded(List<Listing> all, int old) {
    return all.subList(old + 1, all.size());
  }

  private static Set<String> chunks(Snapshot snapshot) {
    Set<String> keys = new HashSet<>();
    for (ChunkRef each : snapshot.manifest().chunks()) {
      keys.add(snapshot.keys().chunk(each.first(), each.last(), each.generation(), each.token()));
    }
    return keys;
  }

  private static Set<String> checkpoints(Snapshot snapshot) {
    Set<String> keys = new HashSet<>();
    snapshot
        .manifest()
        .checkpoint()
        .filter(ref -> ref.inline() == null)
        .map(ref -> key(snapshot.keys(), ref))
        .ifPresent(keys::add);
    return keys;
  }

  private static String key(Keys.Life keys, CheckpointRef ref) {
    return keys.checkpoint(ref.nextSeq(), ref.generation(), ref.token());
  }

  /**
   * Deletes unused objects that were made for a generation that is decided: they will never be
   * used.
   */
  private CompletableFuture<Void> orphans(Snapshot snapshot, String prefix, Set<String> used) {
    return requests
        .listWhile(prefix, "", any -> true)
        .thenCompose(
            listed ->
                delete(
                    listed.objects().stream()
                        .filter(each -> !used.contains(each.key()))
                        .filter(each -> isDecided(each, snapshot))
                        .toList()));
  }

  /** Returns whether the generation that an object was made for is decided. */
  boolean isDecided(Listing object, Snapshot snapshot) {
    return Keys.madeForIn(object.key()) <= snapshot.generation();
  }

  /**
   * Deletes the lives of an id below the highest, and everything that belongs to them, once the
   * highest is old.
   */
  CompletableFuture<Void> reclaimLives(String name) {
    Keys.Of keys = Keys.named(name);
    return requests
        .listWhile(keys.lives(), "", any -> true)
        .thenCompose(
            lives -> {
              if (lives.objects().isEmpty() || lives.began() == null) {
                return Requests.done(null);
              }
              Listing highest = lives.objects().get(0);
              if (!isOld(highest.lastModified(), lives.began())) {
                return Requests.done(null);
              }
              long number = Keys.lifeIn(highest.key());
              return dataBelow(keys, number).thenCompose(done -> delete(lower(lives.objects())));
            });
  }

  /** Returns the lives below the highest, which stays, even if it is a tombstone. */
  List<Listing> lower(List<Listing> lives) {
    return lives.subList(1, lives.size());
  }

  CompletableFuture<Void> dataBelow(Keys.Of keys, long highest) {
    return requests
        .listWhile(keys.data(), keys.in(highest).prefix() + "~", any -> true)
        .thenCompose(
            data ->
                delete(
                    data.objects().stream()
                        .filter(each -> keys.lifeOf(each.key()) < highest)
                        .toList()));
  }

  CompletableFuture<Void> delete(List<Listing> objects) {
    return requests.delete(objects.stream().map(Listing::key).toList());
  }
}
