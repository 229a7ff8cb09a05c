package ai.starcite.store.s3.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.spi.SessionKey;
import ai.starcite.testkit.contract.StoreData;
import ai.starcite.testkit.sim.SimulatedProcess;
import ai.starcite.testkit.sim.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Hints as the simulation of logs delivers them. */
class SimulatedHintsTest {
  private static final Duration DAY = Duration.ofDays(1);
  private static final SessionKey SESSION = StoreData.key("s");

  private final Simulation simulation = new Simulation(1);
  private final SimulatedHints hints = new SimulatedHints(simulation.random(), DAY);
  private final SimulatedProcess writer = simulation.startProcess("writer");
  private final SimulatedProcess reader = simulation.startProcess("reader");

  @Test
  void hintsAreLostRepeatedAndLate() {
    Set<Integer> copies = new HashSet<>();
    List<Duration> delays = new ArrayList<>();
    int[] heard = {0};
    long[] sent = {0};
    hints
        .reach(reader)
        .subscribe(
            SESSION,
            () -> {
              heard[0]++;
              delays.add(Duration.ofNanos(simulation.elapsedNanos() - sent[0]));
            });
    for (int i = 0; i < 100; i++) {
      heard[0] = 0;
      sent[0] = simulation.elapsedNanos();
      hints.reach(writer).changed(SESSION);
      simulation.run();
      copies.add(heard[0]);
    }
    assertThat(copies).containsExactlyInAnyOrder(0, 1, 2);
    assertThat(delays)
        .anyMatch(delay -> delay.compareTo(Duration.ofMillis(20)) < 0)
        .anyMatch(delay -> delay.compareTo(DAY.dividedBy(2)) > 0);
  }

  @Test
  void hintsReachSubscribersThatHaveLeft() {
    int[] heard = {0};
    for (int i = 0; i < 20; i++) {
      hints.reach(reader).subscribe(SESSION, () -> heard[0]++).run();
      hints.reach(reader).subscribe(StoreData.key("another"), () -> heard[0]++);
    }
    hints.reach(writer).changed(SESSION);
    simulation.run();
    assertThat(heard[0]).isPositive();
  }
}
