package ai.starcite.store.s3.internal.opening;

import ai.starcite.SessionLogException;
import ai.starcite.store.s3.internal.client.BucketPlace;
import ai.starcite.store.s3.internal.client.ObjectClient;
import ai.starcite.store.s3.internal.client.ObjectClient.Got;
import ai.starcite.store.s3.internal.client.ObjectClient.Listed;
import ai.starcite.store.s3.internal.client.ObjectClient.Listing;
import ai.starcite.store.s3.internal.client.ObjectClient.Put;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * Tests whether a server provides what the protocol relies on: of the requests that race to store a
 * free key exactly one succeeds, and from then on the object is read, and listed in order. A server
 * that checks first and writes afterwards survives some races by luck, so the probe runs many.
 */
final class PutIfAbsentProbe {
  static final String PREFIX = "probe/";

  private static final int RACES = 16;
  private static final int RACERS = 8;
  private static final int PAGE = 1000;

  /** Objects of older probes were left by a process that died. */
  private static final Duration LONGEST = Duration.ofDays(1);

  private final ObjectClient objects;
  private final OpeningRequests requests;
  private final BucketPlace place;
  private final String prefix = PREFIX + UUID.randomUUID() + "/";
  private final List<String> keys = IntStream.range(0, RACES).mapToObj(this::key).toList();

  PutIfAbsentProbe(ObjectClient objects, OpeningRequests requests) {
    this.objects = objects;
    this.requests = requests;
    this.place = requests.place();
  }

  private String key(int race) {
    return "%s%02d".formatted(prefix, race);
  }

  /**
   * Runs the probe, and removes its objects.
   *
   * @param now the server's time
   */
  void run(Instant now) {
    List<Race> races = new ArrayList<>();
    try {
      for (String key : keys) {
        // One race at a time, so that the server runs its requests truly in parallel.
        Race race = new Race(key);
        races.add(race);
        race.judge();
      }
      judgeListing();
    } catch (SessionLogException e) {
      try {
        requests.await(ended(races));
        remove(keys);
      } catch (SessionLogException alsoFailed) {
        e.addSuppressed(alsoFailed);
      }
      throw e;
    }
    remove(keys);
    removeLeftBehind(now);
  }

  private static CompletableFuture<?> ended(List<Race> races) {
    return CompletableFuture.allOf(
            races.stream().flatMap(race -> race.puts.stream()).toArray(CompletableFuture<?>[]::new))
        .handle((done, failure) -> done);
  }

  private void remove(List<String> removed) {
    requests.ask(() -> objects.delete(removed));
  }

  private void removeLeftBehind(Instant now) {
    Listed listed = requests.ask(() -> objects.list(PREFIX, "", PAGE));
    List<String> leftBehind =
        listed.objects().stream()
            .filter(each -> each.lastModified().isBefore(now.minus(LONGEST)))
            .map(Listing::key)
            .toList();
    remove(leftBehind);
  }

  private void judgeListing() {
    List<String> listed = new ArrayList<>();
    boolean more = true;
    while (more) {
      String after = listed.isEmpty() ? "" : listed.get(listed.size() - 1);
      Listed page = requests.ask(() -> objects.list(prefix, after, RACES / 2));
      page.objects().forEach(each -> listed.add(each.key()));
      more = page.more() && !page.objects().isEmpty();
    }
    if (!listed.equals(keys)) {
      throw OpeningFailures.unsafe(
          place,
          "of the keys " + keys + ", just stored, it lists " + listed,
          "The store would miss what other processes have written, and take sessions for empty or"
              + " deleted");
    }
  }

  /** Simultaneous puts of one key, each with different bytes. */
  private final class Race {
    private final String key;
    private final List<CompletableFuture<Put>> puts;

    Race(String key) {
      this.key = key;
      this.puts =
          IntStream.range(0, RACERS)
              .mapToObj(racer -> requests.send(() -> objects.putIfAbsent(key, bytes(racer))))
              .toList();
    }

    private byte[] bytes(int racer) {
      return (key + " by " + racer).getBytes(StandardCharsets.UTF_8);
    }

    void judge() {
      int[] winners =
          IntStream.range(0, RACERS)
              .filter(racer -> requests.await(puts.get(racer)).stored())
              .toArray();
      if (winners.length > 1) {
        throw OpeningFailures.unsafe(
            place,
            "of %d requests that raced to store one free key (If-None-Match: *), %d were acknowledged"
                .formatted(RACERS, winners.length),
            "Two processes would write the same place of a session, both would be acknowledged, and"
                + " one of them would lose its events");
      }
      // No winner: the answer to the one that stored it was lost.
      IntStream candidates =
          winners.length == 1 ? IntStream.of(winners) : IntStream.range(0, RACERS);
      Got got = requests.ask(() -> objects.get(key));
      if (candidates.noneMatch(racer -> Arrays.equals(bytes(racer), got.bytes()))) {
        throw OpeningFailures.unsafe(
            place,
            "an object reads differently from what was just stored (If-None-Match: *)",
            "Acknowledged events would be missing or wrong");
      }
    }
  }
}
