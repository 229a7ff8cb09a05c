package ai.starcite.store.s3.internal.protocol;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.spi.SessionRecord;
import ai.starcite.store.s3.internal.client.ObjectClient.Listing;
import ai.starcite.store.s3.internal.format.Keys;
import ai.starcite.store.s3.internal.format.Life;
import ai.starcite.store.s3.internal.format.Manifest;
import ai.starcite.store.s3.internal.protocol.Requests.Listed;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Reads the state of a session: first its highest life, then the newest generation of that life. A
 * snapshot is dated by its first answer. If it took half the grace or longer it is read again,
 * because what the first answer named may be gone when the last one arrives. Thread-safe.
 */
class SnapshotReader {
  /** After this many attempts something is wrong with the server's clock, or with this process. */
  private static final int MOST = 8;

  private final Requests requests;
  private final Duration grace;

  SnapshotReader(Requests requests, Duration grace) {
    this.requests = requests;
    this.grace = grace;
  }

  /**
   * The highest life of an id, and when it was stored.
   *
   * @param number 0 if there is none; odd for a session, even for a tombstone
   * @param modified when it was stored, or null if there is none
   * @param date the server's time when it answered, or null
   */
  record Highest(long number, @Nullable Instant modified, @Nullable Instant date) {
    boolean isSession() {
      return number % 2 == 1;
    }
  }

  CompletableFuture<Highest> highest(String sessionId) {
    return requests.list(Keys.of(sessionId).lives(), "", 1).thenApply(SnapshotReader::highest);
  }

  private static Highest highest(Listed lives) {
    if (lives.objects().isEmpty()) {
      return new Highest(0, null, lives.began());
    }
    Listing first = lives.objects().get(0);
    return new Highest(Keys.lifeIn(first.key()), first.lastModified(), lives.began());
  }

  /**
   * Reads a new snapshot.
   *
   * @param held an earlier one: the new one must be of the same life, and need not read the same
   *     generation again
   * @return empty if there is no such session, or it is another life; the manifest may say that the
   *     session was deleted
   */
  CompletableFuture<Optional<Snapshot>> newest(String sessionId, @Nullable Snapshot held) {
    int[] left = {MOST};
    return Loop.until(() -> attempt(sessionId, held, left));
  }

  private CompletableFuture<Optional<Optional<Snapshot>>> attempt(
      String sessionId, @Nullable Snapshot held, int[] left) {
    if (left[0]-- == 0) {
      return CompletableFuture.failedFuture(
          new SessionLogException(
              Code.STORE_UNAVAILABLE,
              "session "
                  + sessionId
                  + " could not be read in time: either the server sends no Date header, or"
                  + " requests take too long for the grace of "
                  + grace));
    }
    return read(sessionId, held);
  }

  /** Reads once, beginning with the highest life, which may be another one than before. */
  CompletableFuture<Optional<Optional<Snapshot>>> read(String sessionId, @Nullable Snapshot held) {
    return highest(sessionId)
        .thenCompose(
            highest ->
                !highest.isSession() || (held != null && held.life() != highest.number)
                    ? Loop.done(Optional.empty())
                    : inLife(sessionId, highest, held));
  }

  CompletableFuture<Optional<Optional<Snapshot>>> inLife(
      String sessionId, Highest life, @Nullable Snapshot held) {
    Keys.Life keys = Keys.of(sessionId).in(life.number());
    return requests
        .list(keys.generations(), "", 1)
        .thenCompose(
            listed -> {
              boolean none = listed.objects().isEmpty();
              long generation = none ? 0 : Keys.generationIn(listed.objects().get(0).key());
              Instant modified = none ? life.modified() : listed.objects().get(0).lastModified();
              Instant first = life.date() == null ? listed.began() : life.date();
              if (held != null && held.generation() == generation) {
                return dated(
                    life, keys, generation, held.manifest(), first, listed.ended(), modified);
              }
              return manifest(sessionId, life, generation)
                  .thenCompose(
                      read ->
                          read.value().isEmpty()
                              // Reclaimed since: there is a newer one, or the session was deleted.
                              ? Loop.again()
                              : dated(
                                  life,
                                  keys,
                                  generation,
                                  read.value().get(),
                                  first,
                                  read.date(),
                                  modified));
            });
  }

  /**
   * Reads the newest generation of a life that was listed as the highest.
   *
   * @param name the name of the session in keys
   * @param listed the date of that listing, or null
   * @return empty if the session was deleted
   */
  CompletableFuture<Optional<Manifest>> current(String name, long life, @Nullable Instant listed) {
    return Loop.until(() -> attempt(Keys.named(name), life))
        .thenCompose(
            read -> {
              if (read.value().isEmpty() || !mayBeOver(listed, read.date())) {
                return Requests.done(read.value());
              }
              return newest(read.value().get().record().key().id(), null)
                  .thenApply(snapshot -> snapshot.map(Snapshot::manifest));
            });
  }

  private CompletableFuture<Optional<Requests.Decoded<Manifest>>> attempt(Keys.Of keys, long life) {
    return requests
        .list(keys.in(life).generations(), "", 1)
        .thenCompose(
            listed -> {
              if (listed.objects().isEmpty()) {
                return requests
                    .read(keys.life(life), SnapshotReader::created)
                    .thenApply(Optional::of);
              }
              return requests
                  .read(listed.objects().get(0).key(), Manifest::fromBytes)
                  .thenApply(
                      read -> read.value().isPresent() ? Optional.of(read) : Optional.empty());
            });
  }

  /**
   * Returns whether the life may have ended, and its generations been reclaimed, since it was
   * listed.
   */
  boolean mayBeOver(@Nullable Instant listed, @Nullable Instant read) {
    return !isTimely(listed, read);
  }

  private boolean isTimely(@Nullable Instant first, @Nullable Instant last) {
    return first != null
        && last != null
        && Duration.between(first, last).compareTo(grace.dividedBy(2)) < 0;
  }

  private CompletableFuture<Requests.Decoded<Manifest>> manifest(
      String sessionId, Highest life, long generation) {
    Keys.Of keys = Keys.of(sessionId);
    return generation == 0
        ? requests.read(keys.life(life.number()), bytes -> checked(sessionId, created(bytes)))
        : requests.read(
            keys.in(life.number()).generation(generation),
            bytes -> checked(sessionId, Manifest.fromBytes(bytes)));
  }

  private static Manifest created(byte[] bytes) {
    Life life = Life.fromBytes(bytes);
    SessionRecord record =
        life.record()
            .orElseThrow(
                () ->
                    new SessionLogException(
                        Code.CORRUPT, "a tombstone stands where the life of a session should be"));
    return Manifest.created(life, record);
  }

  /**
   * Checks the id. It differs only if two long ids have the same hash, or somebody has moved
   * objects.
   */
  private static Manifest checked(String sessionId, Manifest manifest) {
    String found = manifest.record().key().id();
    if (!found.equals(sessionId)) {
      throw new SessionLogException(
          Code.CORRUPT, "where session " + sessionId + " should be, session " + found + " is");
    }
    return manifest;
  }

  private CompletableFuture<Optional<Optional<Snapshot>>> dated(
      Highest life,
      Keys.Life keys,
      long generation,
      Manifest manifest,
      @Nullable Instant first,
      @Nullable Instant last,
      @Nullable Instant modified) {
    Instant date = date(first, last);
    return date == null
        ? Loop.again()
        : Loop.done(
            Optional.of(new Snapshot(life.number(), keys, generation, manifest, date, modified)));
  }

  /** Returns the date of a snapshot with these first and last answers; null if it took too long. */
  @Nullable Instant date(@Nullable Instant first, @Nullable Instant last) {
    return isTimely(first, last) ? first : null;
  }
}
