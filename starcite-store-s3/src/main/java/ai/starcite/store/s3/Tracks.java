package ai.starcite.store.s3;

import ai.starcite.spi.SessionKey;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that this process knows of, the longest unused of which are forgotten when memory is
 * wanted. Forgetting costs requests only. Thread-safe.
 */
final class Tracks {
  private final Readings readings;
  private final Tombstones tombstones;
  private final long maxWeight;
  private final LinkedHashMap<String, Track> known = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<Track, Long> weights = new HashMap<>();
  private long weight;

  Tracks(Readings readings, Tombstones tombstones, long maxWeight) {
    this.readings = readings;
    this.tombstones = tombstones;
    this.maxWeight = maxWeight;
  }

  /** What is known of a life of a session, which is read if need be; empty if it is over. */
  CompletableFuture<Optional<Track>> open(SessionKey session) {
    Optional<Track> held = held(session);
    return held.isPresent()
        ? Requests.done(held)
        : look(session.id())
            .thenApply(found -> found.filter(each -> each.session().equals(session)));
  }

  /** Reads what a session is now; empty if there is none. */
  CompletableFuture<Optional<Track>> look(String sessionId) {
    Track track = known(sessionId);
    if (track != null && !track.isGone()) {
      return refresh(track)
          .thenCompose(alive -> alive ? Requests.done(Optional.of(track)) : lookAnew(sessionId));
    }
    return lookAnew(sessionId);
  }

  private CompletableFuture<Optional<Track>> lookAnew(String sessionId) {
    return readings
        .newest(sessionId, null)
        .thenCompose(
            reading -> {
              if (reading.isEmpty()) {
                return Requests.done(Optional.empty());
              }
              Track track = add(new Track(reading.get()));
              return settle(track)
                  .thenApply(alive -> alive ? Optional.of(track) : Optional.empty());
            });
  }

  /** Takes a new reading of a session; false if its life is over. */
  CompletableFuture<Boolean> refresh(Track track) {
    return readings
        .newest(track.session().id(), track.reading())
        .thenCompose(
            reading -> {
              if (reading.isEmpty() || !reading.get().session().equals(track.session())) {
                forget(track);
                return Requests.done(false);
              }
              track.take(reading.get());
              return settle(track);
            });
  }

  /** Completes a deletion that the newest generation tells of; false if there is one. */
  CompletableFuture<Boolean> settle(Track track) {
    if (!track.reading().manifest().deleted()) {
      return Requests.done(true);
    }
    return tombstones
        .put(track.session().id(), track.reading().life() + 1)
        .thenApply(
            buried -> {
              forget(track);
              return false;
            });
  }

  /** What is known of a life of a session, without a request. */
  Optional<Track> held(SessionKey session) {
    return Optional.ofNullable(known(session.id()))
        .filter(track -> track.session().equals(session) && !track.isGone());
  }

  private @Nullable Track known(String sessionId) {
    synchronized (known) {
      return known.get(sessionId);
    }
  }

  private Track add(Track track) {
    synchronized (known) {
      Track other = known.get(track.session().id());
      if (other != null && other.session().equals(track.session()) && !other.isGone()) {
        other.take(track.reading());
        return other;
      }
      if (other != null && other.reading().life() > track.reading().life()) {
        return track;
      }
      if (other != null) {
        drop(other);
      }
      known.put(track.session().id(), track);
      weights.put(track, 0L);
    }
    weigh(track);
    return track;
  }

  /** Notes that a session's life is over. */
  void forget(Track track) {
    track.end();
    synchronized (known) {
      if (known.remove(track.session().id(), track)) {
        weight -= weights.remove(track);
      }
    }
  }

  private void drop(Track track) {
    known.remove(track.session().id());
    weight -= weights.remove(track);
  }

  /** Notes that a session may take more or less memory than before. */
  void weigh(Track track) {
    long now = track.weight();
    synchronized (known) {
      if (known.get(track.session().id()) != track) {
        return;
      }
      weight += now - weights.put(track, now);
      Iterator<Track> oldest = known.values().iterator();
      while (weight > maxWeight && known.size() > 1 && oldest.hasNext()) {
        Track each = oldest.next();
        if (each != track) {
          oldest.remove();
          weight -= weights.remove(each);
        }
      }
    }
  }
}
