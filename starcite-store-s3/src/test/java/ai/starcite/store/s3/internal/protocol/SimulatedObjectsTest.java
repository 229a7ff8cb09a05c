package ai.starcite.store.s3.internal.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.starcite.store.s3.internal.client.ObjectClient;
import ai.starcite.store.s3.internal.client.ObjectClient.Got;
import ai.starcite.store.s3.internal.client.ObjectClient.Listed;
import ai.starcite.store.s3.internal.client.ObjectClient.Listing;
import ai.starcite.store.s3.internal.client.ObjectClient.Put;
import ai.starcite.store.s3.internal.client.ObjectException;
import ai.starcite.testkit.history.Tries;
import ai.starcite.testkit.sim.SimulatedProcess;
import ai.starcite.testkit.sim.Simulation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** The object store that the protocol is simulated on. */
class SimulatedObjectsTest {
  private static final Duration DAY = Duration.ofDays(1);
  private static final Weather LATE =
      new Weather(0, 0, 1_000, 0, 0, 0, 0, 0, 0, 0, Duration.ZERO, DAY);
  private static final Weather OVERTAKEN =
      new Weather(0, 0, 0, 0, 1_000, 0, 0, 0, 0, 0, Duration.ZERO, DAY);

  private final Simulation simulation = new Simulation(1);
  private final SimulatedObjects objects = new SimulatedObjects(simulation, Weather.CALM);
  private final SimulatedProcess process = simulation.startProcess("p");
  private final ObjectClient client = objects.reach(process, () -> {});

  private <T> T await(CompletionStage<T> stage) {
    simulation.run();
    return stage.toCompletableFuture().join();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static ObjectException.Kind failure(CompletionStage<?> stage) {
    return stage
        .handle((value, failure) -> ((ObjectException) failure).kind())
        .toCompletableFuture()
        .join();
  }

  @Test
  void oneOfManyPutsSucceeds() {
    List<CompletionStage<Put>> puts = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      SimulatedProcess other = simulation.startProcess("p" + i);
      puts.add(objects.reach(other, () -> {}).putIfAbsent("key", bytes("of " + i)));
    }
    simulation.run();
    assertThat(puts).filteredOn(put -> await(put).stored()).hasSize(1);
    int winner = puts.indexOf(puts.stream().filter(put -> await(put).stored()).findAny().get());
    assertThat(await(client.get("key")).bytes()).isEqualTo(bytes("of " + winner));
  }

  @Test
  void aDeletedKeyCanBePutAgain() {
    await(client.putIfAbsent("key", bytes("a")));
    await(client.delete(List.of("key", "absent")));
    assertThat(await(client.get("key")).bytes()).isNull();
    assertThat(await(client.putIfAbsent("key", bytes("b"))).stored()).isTrue();
  }

  @Test
  void answersAreDatedByTheServer() {
    Instant before = simulation.instant().minusSeconds(1);
    Put put = await(client.putIfAbsent("key", bytes("a")));
    simulation.later("a day passes", DAY, () -> {});
    simulation.run();
    Listed listed = await(client.list("", "", 10));
    assertThat(put.date()).isBetween(before, before.plusSeconds(2));
    assertThat(listed.objects().get(0).lastModified()).isBetween(before, before.plusSeconds(2));
    assertThat(listed.date()).isAfter(put.date().plus(DAY.minusSeconds(2)));
  }

  @Test
  void listsInTheOrderOfBytes() {
    List<String> keys = List.of("a", "a/", "a/1", "ab", "\uFFFD", "\uD83D\uDE00");
    keys.forEach(key -> await(client.putIfAbsent(key, bytes(key))));
    assertThat(keysOf(await(client.list("", "", 1_000)))).isEqualTo(keys);
    assertThat(keysOf(await(client.list("a/", "", 1_000)))).containsExactly("a/", "a/1");
    assertThat(keysOf(await(client.list("a", "a/", 1_000)))).containsExactly("a/1", "ab");
    assertThat(await(client.list("a", "", 2)).more()).isTrue();
    assertThat(await(client.list("a", "", 4)).more()).isFalse();
  }

  @Test
  void aTruncatedObjectIsWholeWhenReadAgain() {
    await(client.putIfAbsent("key", bytes("key")));
    objects.weather(new Weather(0, 0, 0, 0, 0, 0, 0, 0, 1_000, 0, Duration.ZERO, DAY));
    assertThat(await(client.get("key")).bytes()).hasSizeLessThan(bytes("key").length);
    assertThat(await(client.get("key")).bytes()).isEqualTo(bytes("key"));
  }

  @Test
  void shortPagesLoseNothing() {
    for (int i = 0; i < 50; i++) {
      await(client.putIfAbsent("k/" + (100 + i), bytes("")));
    }
    objects.weather(new Weather(0, 0, 0, 0, 0, 0, 0, 0, 0, 1_000, Duration.ZERO, Duration.ZERO));
    List<String> all = new ArrayList<>();
    Listed page;
    int pages = 0;
    do {
      page = await(client.list("k/", all.isEmpty() ? "" : all.get(all.size() - 1), 40));
      assertThat(page.objects()).isNotEmpty();
      all.addAll(keysOf(page));
      pages++;
    } while (page.more());
    assertThat(all).hasSize(50).doesNotHaveDuplicates().isSorted();
    assertThat(pages).isGreaterThan(2);
  }

  private static List<String> keysOf(Listed listed) {
    return listed.objects().stream().map(Listing::key).toList();
  }

  @Test
  void aLatePutIsAppliedAfterItsTimeout() {
    objects.weather(LATE);
    CompletionStage<Put> late = client.putIfAbsent("key", bytes("late"));
    process.later(
        "looks soon", Duration.ofMillis(1), () -> assertThat(objects.contents()).isEmpty());
    simulation.run();
    assertThat(failure(late)).isEqualTo(ObjectException.Kind.UNKNOWN);
    assertThat(objects.contents().get("key").bytes()).isEqualTo(bytes("late"));
    assertThat(objects.transcript().last(1)).contains("late").contains("put");
  }

  @Test
  void aLateDeletionHitsALaterObject() {
    await(client.putIfAbsent("key", bytes("old")));
    objects.weather(LATE);
    client.delete(List.of("key"));
    simulation.run();
    assertThat(objects.contents()).isEmpty();
  }

  @Test
  void aPutThatOvertakesItselfGetsTheAnswerOfItsLastAttempt() {
    objects.weather(OVERTAKEN);
    assertThat(await(client.putIfAbsent("key", bytes("a"))).stored()).isTrue();
    objects.weather(new Weather(0, 0, 0, 1_000, 0, 0, 0, 0, 0, 0, Duration.ZERO, DAY));
    assertThat(await(client.putIfAbsent("twice", bytes("a"))).stored())
        .as("the second sending finds what the first has stored")
        .isFalse();
    assertThat(objects.contents().get("twice").bytes()).isEqualTo(bytes("a"));
  }

  @Test
  void refusalsAndBusyServersChangeNothing() {
    objects.weather(Weather.CALM.withRefused(1_000));
    CompletionStage<Put> refused = client.putIfAbsent("key", bytes("a"));
    objects.weather(new Weather(0, 0, 0, 0, 0, 1_000, 0, 0, 0, 0, Duration.ZERO, DAY));
    CompletionStage<Got> busy = client.get("key");
    simulation.run();
    assertThat(failure(refused)).isEqualTo(ObjectException.Kind.REFUSED);
    assertThat(failure(busy)).isEqualTo(ObjectException.Kind.BUSY);
    assertThat(objects.contents()).isEmpty();
  }

  @Test
  void aPausedProcessHearsLaterAndADeadOneNever() {
    SimulatedProcess mortal = simulation.startProcess("mortal");
    CompletionStage<Put> unheard = objects.reach(mortal, () -> {}).putIfAbsent("other", bytes("a"));
    CompletionStage<Put> put = client.putIfAbsent("key", bytes("a"));
    long[] heard = new long[1];
    put.thenRun(() -> heard[0] = simulation.elapsedNanos());
    process.pause(DAY);
    mortal.crash();
    simulation.run();
    assertThat(objects.contents()).containsOnlyKeys("key", "other");
    assertThat(heard[0]).isGreaterThanOrEqualTo(DAY.toNanos());
    assertThat(unheard.toCompletableFuture()).isNotDone();
  }

  @Test
  void aWitnessSeesEveryChangeAndEndsTheRun() {
    objects.witness(
        new SimulatedObjects.Witness() {
          @Override
          public void stored(String key, byte[] bytes) {
            throw new Violation("stored " + key);
          }
        });
    client.putIfAbsent("key", bytes("a"));
    assertThatThrownBy(simulation::run).isInstanceOf(Violation.class).hasMessage("stored key");
  }

  @Test
  void everyFaultHappensAndASeedIsAWholeRun() {
    Set<Weather.Fate> seen = EnumSet.noneOf(Weather.Fate.class);
    Tries.forEachSeed(
        50,
        seed -> {
          assertThat(play(seed)).isEqualTo(play(seed));
          Weather rough = Weather.rough(new java.util.Random(seed), DAY).withRefused(20);
          for (int i = 0; i < 200; i++) {
            seen.add(rough.fate(new java.util.Random(seed * 1_000 + i), true));
          }
        });
    assertThat(seen).containsExactlyInAnyOrder(Weather.Fate.values());
  }

  /** Processes that put, and delete what they have put; of one key at most one put is stored. */
  private static long play(long seed) {
    Simulation simulation = new Simulation(seed);
    SimulatedObjects objects =
        new SimulatedObjects(simulation, Weather.rough(simulation.random(), DAY));
    for (int i = 0; i < 4; i++) {
      SimulatedProcess process = simulation.startProcess("p" + i);
      ObjectClient client = objects.reach(process, () -> {});
      for (int j = 0; j < 20; j++) {
        String key = "k" + simulation.random().nextInt(5);
        process.later("turn", Duration.ofMillis(10L * j), () -> turn(simulation, client, key));
      }
    }
    simulation.run();
    return simulation.trace();
  }

  private static void turn(Simulation simulation, ObjectClient client, String key) {
    client
        .putIfAbsent(key, bytes(key))
        .whenComplete(
            (put, failure) -> {
              assertThat(failure)
                  .satisfiesAnyOf(
                      none -> assertThat(none).isNull(),
                      known ->
                          assertThat(known)
                              .isNotInstanceOf(CompletionException.class)
                              .isInstanceOf(ObjectException.class));
              if (put != null && put.stored()) {
                client.delete(List.of(key));
              }
              simulation.note(key + " " + put);
            });
  }
}
