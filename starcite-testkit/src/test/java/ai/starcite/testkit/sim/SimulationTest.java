package ai.starcite.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.NewSession;
import ai.starcite.SessionLog;
import ai.starcite.spi.SegmentStore;
import ai.starcite.store.memory.MemorySegmentStore;
import ai.starcite.testkit.FaultInjectingStore;
import ai.starcite.testkit.Faults;
import ai.starcite.testkit.history.History;
import ai.starcite.testkit.history.HistoryChecker;
import ai.starcite.testkit.history.Tries;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Processes that share a store, are paused and die, over a network that has every fault. */
class SimulationTest {
  private static final int SEEDS = 200;

  @Test
  @DisplayName(
      "SHR-2, APP-1 to APP-7, TAIL-1, TAIL-2: whatever happens to processes that share a store")
  void sharedStore() {
    Tries.forEachSeed(
        SEEDS,
        seed -> {
          long trace = play(seed);
          assertThat(play(seed))
              .as("the trace of seed %d, when it is repeated", seed)
              .isEqualTo(trace);
        });
  }

  /** Runs a seed, checks all that was answered, and gives the trace. */
  private static long play(long seed) {
    Simulation simulation = new Simulation(seed);
    Random random = new Random(~seed);
    try (SegmentStore store = MemorySegmentStore.openShared()) {
      History history = new History();
      List<String> sessions = random.nextBoolean() ? List.of("s") : List.of("s", "../s");
      SimulatedProcess setUp = simulation.startProcess("set-up");
      SessionLog reader = setUp.open(SessionLog.builder(setUp.reach(store)));
      sessions.forEach(id -> history.create(reader, NewSession.ofId(id)));
      int processes = 1 + random.nextInt(4);
      for (int i = 0; i < processes; i++) {
        start(simulation, history, store, sessions, "p" + i, random);
      }
      try {
        simulation.run();
        new HistoryChecker(history).withSeed(seed).check(reader);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(e.getMessage() + "\n" + simulation.story(), e);
      }
    }
    return simulation.trace();
  }

  private static void start(
      Simulation simulation,
      History history,
      SegmentStore store,
      List<String> sessions,
      String name,
      Random random) {
    SimulatedProcess process = simulation.startProcess(name);
    SegmentStore line =
        new FaultInjectingStore(
            process.reach(store), Faults.masked(random.nextLong()), process.scheduler());
    SessionLog log = process.open(SessionLog.builder(line));
    long when = random.nextInt(400_000_000);
    int fate = random.nextInt(3);
    for (int client = random.nextInt(3); client >= 0; client--) {
      String clientName = name + "-" + client;
      process.run(
          new SimulatedClient(
                  simulation,
                  history,
                  log,
                  sessions,
                  clientName,
                  fate == 0 ? 2 : 0,
                  random.nextLong())
              .calls(5 + random.nextInt(20)));
    }
    if (fate == 1) {
      Duration pause =
          random.nextBoolean() ? Duration.ofMillis(random.nextInt(500)) : Duration.ofDays(2);
      simulation.schedule(name + " is paused", process, when, () -> process.pause(pause));
    } else if (fate == 2) {
      long seed = random.nextLong();
      simulation.schedule(
          name + " is killed",
          process,
          when,
          () -> {
            process.crash();
            if (!name.endsWith("'")) {
              // Another one takes its place, with the same producers.
              start(simulation, history, store, sessions, name + "'", new Random(seed));
            }
          });
    }
  }
}
