package ai.starcite.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.NewSession;
import ai.starcite.SessionLog;
import ai.starcite.store.memory.MemorySegmentStore;
import ai.starcite.testkit.contract.ScriptedStore;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How long a log lingers, in virtual time, on a store whose writes take about 40 ms. */
class LingerTimeTest {
  private final Simulation simulation = new Simulation(1);
  private final ScriptedStore store = new ScriptedStore(MemorySegmentStore.openShared());
  private final PacedWriter writer;

  LingerTimeTest() {
    SimulatedProcess setUp = simulation.startProcess("set-up");
    setUp.open(SessionLog.builder(store).closesStore(false)).create(NewSession.ofId("s"));
    writer = new PacedWriter(simulation, "writer", store);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  @DisplayName("an event that comes when no segment was stored for as long is sent at once")
  void afterPause() {
    store.linger(Duration.ofMillis(20));
    Stream.of(1_000, 1_100, 1_200, 1_300).forEach(each -> writer.appendIn(each));
    simulation.run();
    assertThat(store.sent()).hasSize(4);
    assertThat(writer.latencies().subList(1, 4)).allSatisfy(each -> assertWriteAnd(0, each));
  }

  @Test
  @DisplayName("what comes while a segment is written lingers from when it is stored")
  void fromStored() {
    store.linger(Duration.ofMillis(20));
    // The first one opens the session.
    Stream.of(0, 1_000, 1_001, 1_059).forEach(each -> writer.appendIn(each));
    simulation.run();
    assertThat(store.sent()).extracting(each -> each.count()).containsExactly(1, 1, 2);
    // 40 for the write under way, 20 of linger.
    assertWriteAnd(59, writer.latencies().get(2));
    assertWriteAnd(1, writer.latencies().get(3));
  }

  @Test
  @DisplayName("the segments of a steady stream are a write and the linger apart")
  void steady() {
    for (int millis : new int[] {0, 10, 50, 250}) {
      store.linger(Duration.ofMillis(millis));
      int before = store.sent().size();
      for (int i = 0; i < 2_000; i++) {
        writer.appendIn(1_000 + 5L * i);
      }
      simulation.run();
      assertThat((store.sent().size() - before) * (PacedWriter.WRITE_MILLIS + millis))
          .as("ms that the segments of 10 s take at a linger of %d ms", millis)
          .isBetween(9_000, 11_000);
    }
  }

  private static void assertWriteAnd(long waited, long took) {
    assertThat(took).isBetween(waited + 34, waited + 46);
  }
}
