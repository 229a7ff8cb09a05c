package ai.starcite.testkit.contract;

import ai.starcite.NewSession;
import ai.starcite.SessionLog;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.Tail;
import ai.starcite.TailOptions;
import ai.starcite.testkit.history.History;
import ai.starcite.testkit.history.HistoryChecker;
import ai.starcite.testkit.history.Tries;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Many threads that call everything at random on some sessions at once. What they were answered is
 * recorded and must agree with one order of events: see {@link HistoryChecker}.
 */
public abstract class HistoryClauses extends AppendFixture {
  private static final int SEEDS = 4;
  private static final int CALLERS = 6;
  private static final int CALLS = 250;
  private static final List<String> CALM = List.of("calm-1", "calm-2");
  private static final List<String> MORTAL = List.of("mortal-1", "mortal-2");
  private static final Duration GLANCE = Duration.ofMillis(5);

  private final AtomicBoolean over = new AtomicBoolean();

  static LongStream seeds() {
    return Tries.eachSeed(SEEDS);
  }

  @ParameterizedTest(name = "{displayName}, seed {0}")
  @MethodSource("seeds")
  @DisplayName("APP-2: all appends of many threads have one order, and every answer agrees with it")
  void oneOrder(long seed) {
    check(seed, List.of(log()));
  }

  @ParameterizedTest(name = "{displayName}, seed {0}")
  @MethodSource("seeds")
  @DisplayName("SHR-2: all appends of several processes have one order, and every answer agrees")
  void oneOrderOfProcesses(long seed) {
    stores().requireShared();
    try (SessionLog second = openMore();
        SessionLog third = openMore()) {
      check(seed, List.of(log(), second, third));
    }
  }

  private SessionLog openMore() {
    log();
    return openAnother();
  }

  private void check(long seed, List<SessionLog> logs) {
    History history = new History();
    List<String> sessions = new ArrayList<>(CALM);
    sessions.addAll(MORTAL);
    sessions.forEach(id -> history.create(log(), NewSession.ofId(id)));
    var scene = new RandomCaller.Scene(history, logs, sessions, Set.copyOf(MORTAL));
    List<FutureTask<?>> readers = new ArrayList<>();
    for (SessionLog log : logs) {
      CALM.forEach(id -> readers.add(start(() -> follow(history, log, id))));
      MORTAL.forEach(id -> readers.add(start(() -> followLives(history, log, id))));
    }
    List<FutureTask<?>> callers = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      RandomCaller caller = new RandomCaller(scene, i, seed);
      callers.add(
          start(
              () -> {
                caller.run(CALLS);
                return null;
              }));
    }
    callers.forEach(each -> await(each));
    CALM.forEach(id -> history.seal(log(), id));
    over.set(true);
    readers.forEach(each -> await(each));
    new HistoryChecker(history).withSeed(seed).check(log());
  }

  /** Reads a session from its start to its seal. */
  private static Void follow(History history, SessionLog log, String id) {
    try (Tail tail = history.tail(log, id, TailOptions.from(0))) {
      while (tail.hasNext()) {
        tail.next();
      }
    }
    return null;
  }

  /** Reads one life of a session after the other, until all callers are done. */
  private Void followLives(History history, SessionLog log, String id) {
    while (!over.get()) {
      try (Tail tail = history.tail(log, id, TailOptions.from(0))) {
        while (!over.get() && tail.end().isEmpty()) {
          tail.poll(GLANCE);
        }
        awaitNext(log, id, tail.cursor().incarnation().orElseThrow());
      } catch (SessionLogException e) {
        if (e.code() != Code.SESSION_NOT_FOUND) {
          throw e;
        }
      }
    }
    return null;
  }

  /** Waits until the session is deleted, and may have begun another life. */
  private void awaitNext(SessionLog log, String id, String incarnation) {
    while (!over.get() && log.get(id).incarnation().equals(incarnation)) {
      Thread.yield();
    }
  }
}
