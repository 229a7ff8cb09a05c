package ai.starcite.store.s3;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.spi.Segment;
import ai.starcite.store.s3.Judge.Verdict;
import ai.starcite.store.s3.ObjectClient.Listing;
import ai.starcite.store.s3.Requests.Listed;
import ai.starcite.store.s3.Track.Head;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Follows the segments of a session to its head. One that is near is found key by key, since the
 * next key is known; one that is far, by a listing. Thread-safe.
 */
final class Walker {
  /** So many segments in a row, and there may be many more. */
  private static final int FAR = 4;

  private final Requests requests;
  private final Tracks tracks;
  private final Judge judge;
  private final Endings endings;

  Walker(Requests requests, Tracks tracks, Judge judge, Endings endings) {
    this.requests = requests;
    this.tracks = tracks;
    this.judge = judge;
    this.endings = endings;
  }

  /**
   * What is found at the head.
   *
   * @param place where that is
   * @param verdict whether the rest counts
   * @param entry what stands there, or empty if there is nothing that can be read
   * @param damage why what stands there cannot be read, or null
   */
  record Step(
      long place, Verdict verdict, Optional<Entry> entry, @Nullable SessionLogException damage) {
    boolean isHead() {
      return verdict == Verdict.COUNTS && entry.isEmpty() && damage == null;
    }
  }

  /**
   * Follows the session to its head, and completes what ends it.
   *
   * @return what the head was then, which is what the caller has to decide by: the track may have
   *     gone on since; empty if the life of the session is over
   */
  CompletableFuture<Optional<Head>> toHead(Track track) {
    int[] found = {0};
    return Loop.<Head>until(
            () -> {
              Head head = track.head();
              if (track.isGone() || head.damage() != null || head.terminal() != null) {
                return Loop.done(head);
              }
              if (!head.placed() || found[0] >= FAR) {
                found[0] = 0;
                return place(track)
                    .thenApply(placed -> placed ? Optional.of(track.head()) : Optional.empty());
              }
              return step(track)
                  .thenApply(
                      step -> {
                        found[0]++;
                        return step.isHead() ? Optional.of(track.head()) : Optional.empty();
                      });
            })
        .thenCompose(head -> finished(track, head))
        .whenComplete((head, failure) -> tracks.weigh(track));
  }

  private CompletableFuture<Optional<Head>> finished(Track track, Head head) {
    return endings
        .finish(track, head.terminal())
        .thenApply(
            alive -> {
              if (!alive) {
                return Optional.empty();
              }
              // The record of a session whose seal was completed is another one.
              return Optional.of(head.terminal() == null ? head : track.head());
            });
  }

  /** Looks for one segment at the head, and takes it. */
  CompletableFuture<Step> step(Track track) {
    long place = track.next();
    return read(track, place)
        .thenCompose(
            read ->
                (read.value().isEmpty()
                        ? judge.absent(track, place, read.date())
                        : judge.found(track, place, read.date()))
                    .thenApply(
                        verdict -> {
                          if (verdict == Verdict.COUNTS) {
                            read.value().ifPresent(found -> take(track, found));
                          }
                          return new Step(
                              place,
                              verdict,
                              read.value().map(Found::entry),
                              read.value().map(Found::damage).orElse(null));
                        }));
  }

  /**
   * What stands at a place.
   *
   * @param place the place
   * @param entry what it is, or null if it is damaged
   * @param damage why it cannot be read, or null
   */
  private record Found(long place, @Nullable Entry entry, @Nullable SessionLogException damage) {}

  private static void take(Track track, Found found) {
    if (found.entry == null) {
      track.damaged(found.place, found.damage);
    } else {
      track.meet(found.entry);
    }
  }

  private CompletableFuture<Requests.Decoded<Found>> read(Track track, long place) {
    return readOnce(track, place)
        .thenCompose(
            read ->
                read.value().filter(found -> found.damage != null).isPresent()
                    // It may have been cut in transit.
                    ? readOnce(track, place)
                    : Requests.done(read));
  }

  private CompletableFuture<Requests.Decoded<Found>> readOnce(Track track, long place) {
    return requests
        .get(track.keys().segment(place))
        .thenApply(
            got ->
                new Requests.Decoded<>(
                    Optional.ofNullable(got.bytes())
                        .map(bytes -> found(track.session().id(), place, bytes)),
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

  /** Lists what there is from the known head on, and reads the last of it; false: once more. */
  private CompletableFuture<Boolean> place(Track track) {
    long from = track.next();
    Keys.Life keys = track.keys();
    return requests
        .listWhile(keys.segments(), keys.segment(from - 1), any -> true)
        .thenCompose(
            listed ->
                judge
                    .absent(track, from, listed.ended())
                    .thenCompose(
                        verdict ->
                            verdict == Verdict.COUNTS
                                ? placeAt(track, listed)
                                : Requests.done(false)));
  }

  private CompletableFuture<Boolean> placeAt(Track track, Listed listed) {
    List<Long> firsts = listed.objects().stream().map(each -> Keys.firstIn(each.key())).toList();
    List<Long> bytes = listed.objects().stream().map(Listing::size).toList();
    if (firsts.isEmpty()) {
      return Requests.done(track.place(firsts, bytes, null));
    }
    long last = firsts.get(firsts.size() - 1);
    return read(track, last)
        .thenCompose(
            read ->
                judge
                    .found(track, last, read.date())
                    .thenCompose(
                        verdict -> {
                          if (verdict != Verdict.COUNTS) {
                            return Requests.done(false);
                          }
                          if (read.value().isEmpty()) {
                            // Compacted and reclaimed since it was listed.
                            return tracks.refresh(track).thenApply(alive -> false);
                          }
                          Found found = read.value().get();
                          boolean placed = track.place(firsts, bytes, found.entry());
                          if (found.entry() == null) {
                            track.damaged(last, found.damage());
                          }
                          return Requests.done(placed);
                        }));
  }
}
