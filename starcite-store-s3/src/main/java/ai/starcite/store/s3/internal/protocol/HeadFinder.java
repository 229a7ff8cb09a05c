package ai.starcite.store.s3.internal.protocol;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.spi.Segment;
import ai.starcite.store.s3.internal.client.ObjectClient.Listing;
import ai.starcite.store.s3.internal.format.Entry;
import ai.starcite.store.s3.internal.format.Keys;
import ai.starcite.store.s3.internal.protocol.Judge.Freshness;
import ai.starcite.store.s3.internal.protocol.KnownSession.Head;
import ai.starcite.store.s3.internal.protocol.Requests.Listed;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Finds the head of a session. A near one is found key by key, because the next key is known; a far
 * one by a listing. Thread-safe.
 */
final class HeadFinder {
  /** After this many segments in a row there may be many more. */
  private static final int FAR = 4;

  private final Requests requests;
  private final KnownSessions sessions;
  private final Judge judge;
  private final Finisher finisher;

  HeadFinder(Requests requests, KnownSessions sessions, Judge judge, Finisher finisher) {
    this.requests = requests;
    this.sessions = sessions;
    this.judge = judge;
    this.finisher = finisher;
  }

  /**
   * What was found at the head.
   *
   * @param place the place of the head
   * @param freshness whether the rest counts
   * @param entry what is there, or empty if there is nothing that can be read
   * @param damage why it cannot be read, or null
   */
  record Step(
      long place,
      Freshness freshness,
      Optional<Entry> entry,
      @Nullable SessionLogException damage) {
    boolean isHead() {
      return freshness == Freshness.CURRENT && entry.isEmpty() && damage == null;
    }
  }

  /**
   * Follows the session to its head, and completes what ends it.
   *
   * @return the head at that time, which the caller must decide by, since other threads may have
   *     moved on; empty if the session was deleted
   */
  CompletableFuture<Optional<Head>> toHead(KnownSession known) {
    int[] found = {0};
    return Loop.<Head>until(
            () -> {
              Head head = known.head();
              if (known.isGone() || head.damage() != null || head.terminal() != null) {
                return Loop.done(head);
              }
              if (!head.placed() || found[0] >= FAR) {
                found[0] = 0;
                return place(known)
                    .thenApply(placed -> placed ? Optional.of(known.head()) : Optional.empty());
              }
              return step(known)
                  .thenApply(
                      step -> {
                        found[0]++;
                        return step.isHead() ? Optional.of(known.head()) : Optional.empty();
                      });
            })
        .thenCompose(head -> finished(known, head))
        .whenComplete((head, failure) -> sessions.weigh(known));
  }

  private CompletableFuture<Optional<Head>> finished(KnownSession known, Head head) {
    return finisher
        .finish(known, head.terminal())
        .thenApply(
            alive -> {
              if (!alive) {
                return Optional.empty();
              }
              // Completing a seal has changed the record.
              return Optional.of(head.terminal() == null ? head : known.head());
            });
  }

  /** Looks for one entry at the head, and adds it to what is known. */
  CompletableFuture<Step> step(KnownSession known) {
    long place = known.next();
    return read(known, place)
        .thenCompose(
            read ->
                (read.value().isEmpty()
                        ? judge.absent(known, place, read.date())
                        : judge.found(known, place, read.date()))
                    .thenApply(
                        freshness -> {
                          if (freshness == Freshness.CURRENT) {
                            read.value().ifPresent(found -> take(known, found));
                          }
                          return new Step(
                              place,
                              freshness,
                              read.value().map(Found::entry),
                              read.value().map(Found::damage).orElse(null));
                        }));
  }

  /**
   * What is at a place.
   *
   * @param place the place
   * @param entry the entry, or null if it is damaged
   * @param damage why it cannot be read, or null
   */
  private record Found(long place, @Nullable Entry entry, @Nullable SessionLogException damage) {}

  private static void take(KnownSession known, Found found) {
    if (found.entry == null) {
      known.damaged(found.place, found.damage);
    } else {
      known.addForeign(found.entry);
    }
  }

  private CompletableFuture<Requests.Decoded<Found>> read(KnownSession known, long place) {
    return readOnce(known, place)
        .thenCompose(
            read ->
                read.value().filter(found -> found.damage != null).isPresent()
                    // It may have been truncated in transit.
                    ? readOnce(known, place)
                    : Requests.done(read));
  }

  private CompletableFuture<Requests.Decoded<Found>> readOnce(KnownSession known, long place) {
    return requests
        .get(known.keys().segment(place))
        .thenApply(
            got ->
                new Requests.Decoded<>(
                    Optional.ofNullable(got.bytes())
                        .map(bytes -> found(known.session().id(), place, bytes)),
                    got.date()));
  }

  private static Found found(String sessionId, long place, byte[] bytes) {
    try {
      Entry entry = Entry.fromBytes(sessionId, place, bytes);
      Segment segment = entry.segment();
      if (segment == null || segment.isIntact()) {
        return new Found(place, entry, null);
      }
      return new Found(
          place,
          null,
          new SessionLogException(
              Code.CORRUPT,
              "session %s is damaged at seq %d: its bytes do not match their checksum"
                  .formatted(sessionId, place)));
    } catch (SessionLogException e) {
      return new Found(place, null, e);
    }
  }

  /**
   * Lists the segments from the known head on, and reads the last one; false if that has to be
   * repeated.
   */
  private CompletableFuture<Boolean> place(KnownSession known) {
    long from = known.next();
    Keys.Life keys = known.keys();
    return requests
        .listWhile(keys.segments(), keys.segment(from - 1), any -> true)
        .thenCompose(
            listed ->
                judge
                    .absent(known, from, listed.ended())
                    .thenCompose(
                        freshness ->
                            freshness == Freshness.CURRENT
                                ? placeAt(known, listed)
                                : Requests.done(false)));
  }

  private CompletableFuture<Boolean> placeAt(KnownSession known, Listed listed) {
    List<Long> firsts = listed.objects().stream().map(each -> Keys.firstIn(each.key())).toList();
    List<Long> bytes = listed.objects().stream().map(Listing::size).toList();
    if (firsts.isEmpty()) {
      return Requests.done(known.place(firsts, bytes, null));
    }
    long last = firsts.get(firsts.size() - 1);
    return read(known, last)
        .thenCompose(
            read ->
                judge
                    .found(known, last, read.date())
                    .thenCompose(
                        freshness -> {
                          if (freshness != Freshness.CURRENT) {
                            return Requests.done(false);
                          }
                          if (read.value().isEmpty()) {
                            // Compacted and reclaimed since it was listed.
                            return sessions.refresh(known).thenApply(alive -> false);
                          }
                          Found found = read.value().get();
                          boolean placed = known.place(firsts, bytes, found.entry());
                          if (found.entry() == null) {
                            known.damaged(last, found.damage());
                          }
                          return Requests.done(placed);
                        }));
  }
}
