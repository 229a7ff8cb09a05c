package ai.starcite.store.s3.internal.protocol;

import ai.starcite.store.s3.internal.client.ObjectClient;
import ai.starcite.store.s3.internal.client.ObjectException;
import ai.starcite.store.s3.internal.client.ObjectException.Kind;
import ai.starcite.store.s3.internal.format.Keys;
import ai.starcite.testkit.sim.SimulatedProcess;
import ai.starcite.testkit.sim.Simulation;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * An object store in a {@link Simulation}: linearizable, because each request takes effect in one
 * step, and as unreliable as its {@link Weather} on the way there and back.
 *
 * <p>Not thread-safe, like the simulation.
 */
final class SimulatedObjects {
  /** In the order of their UTF-8 bytes, as S3 lists them. */
  private static final Comparator<String> KEY_ORDER =
      Comparator.comparing(key -> key.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

  private final Simulation simulation;
  private final RandomGenerator random;
  private Weather weather;
  private final Transcript transcript;
  private final NavigableMap<String, Stored> objects = new TreeMap<>(KEY_ORDER);
  private final NavigableMap<String, Stored> strays = new TreeMap<>(KEY_ORDER);
  private Witness witness = new Witness() {};

  /** What is stored of an object. */
  record Stored(byte[] bytes, Instant lastModified) {}

  /** Sees every change, in the step that makes it; what it throws ends the run. */
  interface Witness {
    default void stored(String key, byte[] bytes) {}

    default void deleted(String key) {}
  }

  SimulatedObjects(Simulation simulation, Weather weather) {
    this.simulation = simulation;
    this.random = simulation.random();
    this.weather = weather;
    this.transcript = new Transcript(simulation);
  }

  /** Returns a view of all objects of the stores. */
  NavigableMap<String, Stored> contents() {
    return Collections.unmodifiableNavigableMap(objects);
  }

  /** Returns keys that no store has made, which are listed among the others. */
  Set<String> strays() {
    return Collections.unmodifiableSet(strays.keySet());
  }

  /** Puts an object where no store would, or removes it again. */
  void stray(String key, boolean isThere) {
    if (Keys.isKey(key)) {
      throw new IllegalArgumentException(key + " is one that a store may make");
    }
    if (isThere) {
      strays.put(key, new Stored(new byte[1], clock()));
    } else {
      strays.remove(key);
    }
  }

  /** Changes the weather from now on. */
  void weather(Weather newWeather) {
    weather = newWeather;
  }

  /** Reports every change from now on. */
  void witness(Witness newWitness) {
    witness = newWitness;
  }

  /** Returns the requests so far. */
  Transcript transcript() {
    return transcript;
  }

  /**
   * Returns the store as a process reaches it.
   *
   * @param process receives answers while it is neither paused nor dead
   * @param beforeEach runs before each request; may pause or kill the process
   */
  ObjectClient reach(SimulatedProcess process, Runnable beforeEach) {
    return new Line(process, beforeEach);
  }

  private @Nullable Instant date() {
    return random.nextInt(1_000) < weather.undated() ? null : clock();
  }

  /** Returns the server's time, in seconds as in HTTP headers. */
  private Instant clock() {
    return simulation.instant().plus(weather.error(random)).truncatedTo(ChronoUnit.SECONDS);
  }

  private boolean store(String key, byte[] bytes) {
    if (objects.containsKey(key)) {
      return false;
    }
    objects.put(key, new Stored(bytes.clone(), clock()));
    witness.stored(key, bytes);
    return true;
  }

  private boolean erase(String key) {
    if (strays.containsKey(key)) {
      throw new Violation("deleted, though no store has made it: " + key);
    }
    boolean existed = objects.remove(key) != null;
    if (existed) {
      witness.deleted(key);
    }
    return existed;
  }

  private NavigableMap<String, Stored> listed() {
    if (strays.isEmpty()) {
      return objects;
    }
    NavigableMap<String, Stored> all = new TreeMap<>(objects);
    all.putAll(strays);
    return all;
  }

  private ObjectClient.Listed page(String prefix, String after, int limit) {
    boolean cut = random.nextInt(1_000) < weather.shortPage();
    int most = cut ? 1 + random.nextInt(limit) : limit;
    boolean inside = KEY_ORDER.compare(after, prefix) >= 0;
    List<ObjectClient.Listing> page = new ArrayList<>();
    for (var each : listed().tailMap(inside ? after : prefix, !inside).entrySet()) {
      if (!each.getKey().startsWith(prefix)) {
        break;
      }
      if (page.size() == most) {
        return new ObjectClient.Listed(page, true, date());
      }
      Stored stored = each.getValue();
      page.add(
          new ObjectClient.Listing(each.getKey(), stored.bytes().length, stored.lastModified()));
    }
    return new ObjectClient.Listed(page, false, date());
  }

  /** The store as one process reaches it. */
  private final class Line implements ObjectClient {
    private final SimulatedProcess process;
    private final Runnable beforeEach;

    /** Objects that were truncated in transit once, and will not be again. */
    private final Set<String> torn = new HashSet<>();

    Line(SimulatedProcess process, Runnable beforeEach) {
      this.process = process;
      this.beforeEach = beforeEach;
    }

    @Override
    public CompletionStage<Put> putIfAbsent(String key, byte[] bytes) {
      return send(
          "put",
          key,
          true,
          how -> {
            boolean stored = store(key, bytes);
            transcript.applied(process, "put", key, how + (stored ? "stored" : "taken"));
            return new Put(stored, date());
          });
    }

    @Override
    public CompletionStage<Got> get(String key) {
      return send(
          "get",
          key,
          false,
          how -> {
            Stored stored = objects.get(key);
            if (stored == null) {
              transcript.applied(process, "get", key, "none");
              return new Got(null, date());
            }
            boolean isTorn = random.nextInt(1_000) < weather.torn() && torn.add(key);
            transcript.applied(process, "get", key, isTorn ? "torn" : "found");
            byte[] bytes = stored.bytes();
            int arrived = isTorn ? random.nextInt(bytes.length) : bytes.length;
            return new Got(Arrays.copyOf(bytes, arrived), date());
          });
    }

    @Override
    public CompletionStage<Listed> list(String prefix, String after, int limit) {
      if (limit < 1 || limit > 1_000) {
        throw new IllegalArgumentException("a page of " + limit + " keys");
      }
      return send(
          "list",
          prefix,
          false,
          how -> {
            Listed page = page(prefix, after, limit);
            transcript.applied(process, "list", prefix, page.objects().size() + " keys");
            return page;
          });
    }

    /**
     * Deletes each key as a request of its own: a server that fails half-way may have deleted any
     * of them.
     */
    @Override
    public CompletionStage<Void> delete(List<String> keys) {
      if (keys.size() > 1_000) {
        throw new IllegalArgumentException("a deletion of " + keys.size() + " keys");
      }
      return CompletableFuture.allOf(
          keys.stream()
              .map(
                  key ->
                      send(
                          "delete",
                          key,
                          true,
                          how -> {
                            transcript.applied(
                                process, "delete", key, how + (erase(key) ? "gone" : "absent"));
                            return true;
                          }))
              .toArray(CompletableFuture[]::new));
    }

    @Override
    public void close() {}

    private <T> CompletableFuture<T> send(
        String what, String key, boolean writes, Function<String, T> effect) {
      CompletableFuture<T> answer = new CompletableFuture<>();
      beforeEach.run();
      if (process.isDead()) {
        return answer;
      }
      String name = process.name() + " " + what + " " + key;
      Consumer<Runnable> travel = step -> simulation.later(name, Weather.travel(random), step);
      Consumer<String> late =
          how -> simulation.later(name + how, weather.late(random), () -> effect.apply(how));
      Weather.Fate fate = weather.fate(random, writes);
      switch (fate) {
        case ANSWERED -> travel.accept(() -> hear(name, answer, effect.apply("")));
        case LOST -> giveUp(name, key, answer);
        case UNHEARD -> {
          travel.accept(() -> effect.apply("unheard "));
          giveUp(name, key, answer);
        }
        case LATE -> {
          late.accept("late ");
          if (random.nextInt(3) == 0) {
            late.accept("late again ");
          }
          giveUp(name, key, answer);
        }
        case TWICE ->
            travel.accept(
                () -> {
                  effect.apply("first ");
                  travel.accept(() -> hear(name, answer, effect.apply("second ")));
                });
        case OVERTAKEN -> {
          late.accept("overtaken ");
          travel.accept(() -> hear(name, answer, effect.apply("second ")));
        }
        case BUSY, REFUSED ->
            travel.accept(
                () -> {
                  transcript.applied(process, what, key, fate.toString());
                  Kind kind = fate == Weather.Fate.BUSY ? Kind.BUSY : Kind.REFUSED;
                  fail(name, answer, Weather.travel(random), kind, fate.toString());
                });
      }
      return answer;
    }

    private <T> void hear(String name, CompletableFuture<T> answer, T value) {
      process.later(name + " answer", Weather.travel(random), () -> answer.complete(value));
    }

    private void giveUp(String name, String key, CompletableFuture<?> answer) {
      fail(name, answer, Weather.timeOut(random), Kind.UNKNOWN, "no answer about " + key);
    }

    private void fail(
        String name, CompletableFuture<?> answer, java.time.Duration when, Kind kind, String why) {
      ObjectException failure = new ObjectException(kind, why, null);
      process.later(name + " fails", when, () -> answer.completeExceptionally(failure));
    }
  }
}
