package ai.starcite.store.s3.internal.protocol;

import ai.starcite.spi.SessionKey;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that this process knows. When memory runs short it forgets those that were not used
 * for the longest time, which costs only requests. Thread-safe.
 */
final class KnownSessions {
  private final SnapshotReader snapshots;
  private final Tombstones tombstones;
  private final long maxWeight;
  private final LinkedHashMap<String, KnownSession> byId = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<KnownSession, Long> weights = new HashMap<>();
  private long weight;

  KnownSessions(SnapshotReader snapshots, Tombstones tombstones, long maxWeight) {
    this.snapshots = snapshots;
    this.tombstones = tombstones;
    this.maxWeight = maxWeight;
  }

  /**
   * Returns what is known of an incarnation of a session, and reads it if needed; empty if it was
   * deleted.
   */
  CompletableFuture<Optional<KnownSession>> open(SessionKey session) {
    Optional<KnownSession> held = held(session);
    return held.isPresent()
        ? Requests.done(held)
        : look(session.id())
            .thenApply(found -> found.filter(each -> each.session().equals(session)));
  }

  /** Reads the current state of a session; empty if there is none. */
  CompletableFuture<Optional<KnownSession>> look(String sessionId) {
    KnownSession known = byId(sessionId);
    if (known != null && !known.isGone()) {
      return refresh(known)
          .thenCompose(alive -> alive ? Requests.done(Optional.of(known)) : lookAnew(sessionId));
    }
    return lookAnew(sessionId);
  }

  private CompletableFuture<Optional<KnownSession>> lookAnew(String sessionId) {
    return snapshots
        .newest(sessionId, null)
        .thenCompose(
            snapshot -> {
              if (snapshot.isEmpty()) {
                return Requests.done(Optional.empty());
              }
              KnownSession known = add(new KnownSession(snapshot.get()));
              return completeDeletion(known)
                  .thenApply(alive -> alive ? Optional.of(known) : Optional.empty());
            });
  }

  /** Takes a new snapshot of a session; false if it was deleted. */
  CompletableFuture<Boolean> refresh(KnownSession known) {
    return snapshots
        .newest(known.session().id(), known.snapshot())
        .thenCompose(
            snapshot -> {
              if (snapshot.isEmpty() || !snapshot.get().session().equals(known.session())) {
                forget(known);
                return Requests.done(false);
              }
              known.take(snapshot.get());
              return completeDeletion(known);
            });
  }

  /** Completes the deletion that the newest generation announces; false if there is one. */
  CompletableFuture<Boolean> completeDeletion(KnownSession known) {
    if (!known.snapshot().manifest().deleted()) {
      return Requests.done(true);
    }
    return tombstones
        .put(known.session().id(), known.snapshot().life() + 1)
        .thenApply(
            buried -> {
              forget(known);
              return false;
            });
  }

  /** Returns what is known of an incarnation of a session, without a request. */
  Optional<KnownSession> held(SessionKey session) {
    return Optional.ofNullable(byId(session.id()))
        .filter(known -> known.session().equals(session) && !known.isGone());
  }

  private @Nullable KnownSession byId(String sessionId) {
    synchronized (byId) {
      return byId.get(sessionId);
    }
  }

  private KnownSession add(KnownSession known) {
    synchronized (byId) {
      KnownSession other = byId.get(known.session().id());
      if (other != null && other.session().equals(known.session()) && !other.isGone()) {
        other.take(known.snapshot());
        return other;
      }
      if (other != null && other.snapshot().life() > known.snapshot().life()) {
        return known;
      }
      if (other != null) {
        drop(other);
      }
      byId.put(known.session().id(), known);
      weights.put(known, 0L);
    }
    weigh(known);
    return known;
  }

  /** Notes that a session was deleted. */
  void forget(KnownSession known) {
    known.end();
    synchronized (byId) {
      if (byId.remove(known.session().id(), known)) {
        weight -= weights.remove(known);
      }
    }
  }

  private void drop(KnownSession known) {
    byId.remove(known.session().id());
    weight -= weights.remove(known);
  }

  /** Notes that the memory use of a session may have changed. */
  void weigh(KnownSession known) {
    long now = known.weight();
    synchronized (byId) {
      if (byId.get(known.session().id()) != known) {
        return;
      }
      weight += now - weights.put(known, now);
      Iterator<KnownSession> oldest = byId.values().iterator();
      while (weight > maxWeight && byId.size() > 1 && oldest.hasNext()) {
        KnownSession each = oldest.next();
        if (each != known) {
          oldest.remove();
          weight -= weights.remove(each);
        }
      }
    }
  }
}
