package ai.starcite.store.s3;

import ai.starcite.store.s3.Manifest.CheckpointRef;
import ai.starcite.store.s3.Manifest.ChunkRef;
import ai.starcite.store.s3.ObjectClient.Listing;
import ai.starcite.store.s3.Requests.Listed;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Deletes what nobody needs any more, by what a new reading says and nothing else. All ages are
 * told by the server's clock; a reading's date is that of its first answer, so that they are rather
 * too low. What is deleted twice, or late, was not needed ever since. Thread-safe.
 */
class Reclaimer {
  private final Requests requests;
  private final Tracks tracks;
  private final Duration grace;

  Reclaimer(Requests requests, Tracks tracks, Duration grace) {
    this.requests = requests;
    this.tracks = tracks;
    this.grace = grace;
  }

  /** Deletes what a living session has left behind. */
  CompletableFuture<Void> reclaim(Track track) {
    return tracks
        .refresh(track)
        .thenCompose(
            alive -> {
              if (!alive) {
                return Requests.done(null);
              }
              Reading reading = track.reading();
              return segments(reading)
                  .thenCompose(done -> generations(reading))
                  .thenCompose(done -> orphans(reading, reading.keys().chunks(), chunks(reading)))
                  .thenCompose(
                      done -> orphans(reading, reading.keys().checkpoints(), checkpoints(reading)));
            });
  }

  boolean isOld(@Nullable Instant then, Instant now) {
    return then != null && !then.plus(grace).isAfter(now);
  }

  private CompletableFuture<Void> segments(Reading reading) {
    return safeBoundary(reading)
        .thenCompose(
            safe -> {
              if (safe <= 1) {
                return Requests.done(null);
              }
              String end = reading.keys().segment(safe);
              return requests
                  .listWhile(reading.keys().segments(), "", each -> each.key().compareTo(end) < 0)
                  .thenCompose(listed -> delete(listed.objects()));
            });
  }

  /** Returns the boundary below which nobody reads segments: as the newest generation tells. */
  CompletableFuture<Long> safeBoundary(Reading reading) {
    return Requests.done(reading.manifest().boundaryOld(reading.date(), grace, reading.modified()));
  }

  CompletableFuture<Listed> listGenerations(Reading reading) {
    return requests.listWhile(reading.keys().generations(), "", any -> true);
  }

  /** The highest is the first of the listing; each other one goes when one before it is old. */
  private CompletableFuture<Void> generations(Reading reading) {
    return listGenerations(reading)
        .thenCompose(
            listed -> {
              List<Listing> all = listed.objects();
              int old = 0;
              while (old < all.size() && !isOld(all.get(old).lastModified(), reading.date())) {
                old++;
              }
              return old < all.size() ? delete(superseded(all, old)) : Requests.done(null);
            });
  }

  /** Returns the generations that may go: those below one that has stood for the grace. */
  List<Listing> superseded(List<Listing> all, int old) {
    return all.subList(old + 1, all.size());
  }

  private static Set<String> chunks(Reading reading) {
    Set<String> keys = new HashSet<>();
    for (ChunkRef each : reading.manifest().chunks()) {
      keys.add(reading.keys().chunk(each.first(), each.last(), each.generation(), each.token()));
    }
    return keys;
  }

  private static Set<String> checkpoints(Reading reading) {
    Set<String> keys = new HashSet<>();
    reading
        .manifest()
        .checkpoint()
        .filter(ref -> ref.inline() == null)
        .map(ref -> key(reading.keys(), ref))
        .ifPresent(keys::add);
    return keys;
  }

  private static String key(Keys.Life keys, CheckpointRef ref) {
    return keys.checkpoint(ref.nextSeq(), ref.generation(), ref.token());
  }

  /** What was made for a generation that is decided, and is not in use, never will be. */
  private CompletableFuture<Void> orphans(Reading reading, String prefix, Set<String> used) {
    return requests
        .listWhile(prefix, "", any -> true)
        .thenCompose(
            listed ->
                delete(
                    listed.objects().stream()
                        .filter(each -> !used.contains(each.key()))
                        .filter(each -> isDecided(each, reading))
                        .toList()));
  }

  /** Returns whether the generation that an object was made for is decided. */
  boolean isDecided(Listing object, Reading reading) {
    return Keys.madeForIn(object.key()) <= reading.generation();
  }

  /**
   * Deletes the lives of an id below the highest, with all that belongs to them, once that is old.
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

  /** Returns the lives below the highest, which stays, even a tombstone. */
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
