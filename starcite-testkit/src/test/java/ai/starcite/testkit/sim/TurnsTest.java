package ai.starcite.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.NewSession;
import ai.starcite.SessionLog;
import ai.starcite.store.memory.MemorySegmentStore;
import ai.starcite.testkit.contract.ScriptedStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * SHR-2: processes that append to one session of a store whose writes take long. The one who has
 * just written is always ahead of the others.
 */
class TurnsTest {
  private static final int SECONDS = 20;

  private final Simulation simulation = new Simulation(1);
  private final List<PacedWriter> writers = new ArrayList<>();
  private ScriptedStore store;

  @BeforeEach
  void openShared() {
    open(MemorySegmentStore.openShared());
  }

  private void open(MemorySegmentStore memory) {
    store = new ScriptedStore(memory);
    SimulatedProcess setUp = simulation.startProcess("set-up");
    setUp.open(SessionLog.builder(store).closesStore(false)).create(NewSession.ofId("s"));
  }

  @AfterEach
  void close() {
    store.close();
  }

  private PacedWriter writer() {
    PacedWriter writer = new PacedWriter(simulation, "p" + writers.size(), store);
    writers.add(writer);
    return writer;
  }

  @ParameterizedTest(name = "{0} processes, a linger of {1} ms")
  @CsvSource({"2, 0", "4, 0", "8, 0", "2, 50", "4, 50", "8, 50", "2, 250", "4, 250", "8, 250"})
  @DisplayName("all get what they ask for, and none waits much longer than another one")
  void fair(int processes, int lingerMillis) {
    store.linger(Duration.ofMillis(lingerMillis));
    for (int i = 0; i < processes; i++) {
      writer().appendEvery(0, SECONDS, 30);
    }
    simulation.run();
    assertThat(writers)
        .allSatisfy(
            writer -> {
              assertThat(writer.latencies()).hasSize(writer.sent());
              assertThat(writer.percentile(100)).isLessThan(150L * processes + 100 + lingerMillis);
            });
  }

  @ParameterizedTest(name = "{0} processes, a linger of {1} ms")
  @CsvSource({"2, 0", "4, 0", "8, 0", "2, 50", "4, 50", "8, 50"})
  @DisplayName("nobody starves where requests take now shorter, now much longer")
  void unsteady(int processes, int lingerMillis) {
    store.linger(Duration.ofMillis(lingerMillis));
    for (int i = 0; i < processes; i++) {
      PacedWriter writer = writer();
      writer.unsteady();
      writer.appendEvery(0, SECONDS, 30);
    }
    simulation.run();
    assertThat(writers)
        .allSatisfy(
            writer -> {
              assertThat(writer.latencies()).hasSize(writer.sent());
              assertThat(writer.percentile(50)).isLessThan(500);
              assertThat(writer.percentile(100)).isLessThan(3_000);
            });
  }

  @Test
  @DisplayName("a process that comes late gets in between one that never pauses")
  void late() {
    PacedWriter first = writer();
    first.appendEvery(0, SECONDS, 100);
    PacedWriter second = writer();
    second.appendEvery(SECONDS / 2, SECONDS, 30);
    simulation.run();
    assertThat(first.latencies()).hasSize(2_000);
    assertThat(first.percentile(99)).isLessThan(200);
    assertThat(second.latencies()).hasSize(300);
    assertThat(second.percentile(99)).isLessThan(700);
  }

  @Test
  @DisplayName("a process by itself hardly ever waits")
  void alone() {
    PacedWriter writer = writer();
    writer.appendEvery(0, SECONDS, 100);
    simulation.run();
    assertThat(writer.latencies()).hasSize(2_000);
    assertThat(writer.percentile(99)).isLessThan(110);
    assertThat(writer.percentile(100)).as("while it looks for others").isLessThan(200);
  }

  @Test
  @DisplayName("the only process of a store that is not shared never waits for others")
  void notShared() {
    store.close();
    open(MemorySegmentStore.open());
    PacedWriter writer = writer();
    writer.appendEvery(0, SECONDS, 100);
    simulation.run();
    assertThat(writer.latencies()).hasSize(2_000);
    assertThat(writer.latencies().subList(100, 2_000))
        .as("for the write under way, and its own")
        .allSatisfy(each -> assertThat(each).isLessThan(2 * 46L));
  }
}
