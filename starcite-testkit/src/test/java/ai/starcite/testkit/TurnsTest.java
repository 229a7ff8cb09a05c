package ai.starcite.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.SessionLog;
import ai.starcite.spi.SegmentStore;
import ai.starcite.store.memory.MemorySegmentStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * SHR-2: processes that append to one session of a store whose writes take 40 ms and whose reads
 * take 10, as an object store has it. The one who has just written is always ahead of the others.
 */
class TurnsTest {
  private static final int WRITE_MILLIS = 40;
  private static final int READ_MILLIS = 10;
  private static final int SECONDS = 20;

  private final Simulation simulation = new Simulation(1);
  private final SegmentStore store = MemorySegmentStore.openShared();
  private final List<Writer> writers = new ArrayList<>();

  TurnsTest() {
    SimulatedProcess setUp = simulation.startProcess("set-up");
    setUp.open(SessionLog.builder(store).closesStore(false)).create(NewSession.named("s"));
  }

  @AfterEach
  void close() {
    store.close();
  }

  /** A process that appends without waiting, and how long each of its events took, in ms. */
  private final class Writer {
    private final SimulatedProcess process;
    private final SessionLog log;
    private final List<Long> latencies = new ArrayList<>();
    private int sent;

    Writer() {
      process = simulation.startProcess("p" + writers.size());
      log =
          process.open(
              SessionLog.builder(new DistantStore(store, simulation, process, this::delayNanos)));
      writers.add(this);
    }

    private long delayNanos(String operation) {
      int millis = operation.startsWith("append") ? WRITE_MILLIS : READ_MILLIS;
      // Half of it there, half of it back, and a tenth more or less.
      long half = Duration.ofMillis(millis).toNanos() / 2;
      return half + (long) ((simulation.random().nextDouble() - 0.5) * half / 5);
    }

    /** Appends so many events a second. */
    void appendEvery(int startSecond, int rate) {
      for (int i = 0; i < (SECONDS - startSecond) * rate; i++) {
        long at = startSecond * 1_000_000_000L + i * 1_000_000_000L / rate;
        process.later("event", Duration.ofNanos(at), this::append);
      }
    }

    private void append() {
      sent++;
      long start = simulation.elapsedNanos();
      log.appendAsync("s", NewEvent.of("t", Json.parse("{}")))
          .thenRun(() -> latencies.add((simulation.elapsedNanos() - start) / 1_000_000));
    }

    long percentile(int percent) {
      List<Long> sorted = latencies.stream().sorted().toList();
      return sorted.get((sorted.size() - 1) * percent / 100);
    }

    @Override
    public String toString() {
      return "%s: %d of %d, p50 %d, p99 %d, worst %d ms"
          .formatted(
              process.name(),
              latencies.size(),
              sent,
              percentile(50),
              percentile(99),
              percentile(100));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4, 8})
  @DisplayName("all get what they ask for, and none waits much longer than another one")
  void fair(int processes) {
    for (int i = 0; i < processes; i++) {
      new Writer().appendEvery(0, 30);
    }
    simulation.run();
    assertThat(writers)
        .allSatisfy(
            writer -> {
              assertThat(writer.latencies).hasSize(writer.sent);
              assertThat(writer.percentile(100)).isLessThan(150L * processes + 100);
            });
  }

  @Test
  @DisplayName("a process that comes late gets in between one that never pauses")
  void late() {
    Writer first = new Writer();
    first.appendEvery(0, 100);
    Writer second = new Writer();
    second.appendEvery(10, 30);
    simulation.run();
    assertThat(first.latencies).hasSize(2_000);
    assertThat(first.percentile(99)).isLessThan(200);
    assertThat(second.latencies).hasSize(300);
    assertThat(second.percentile(99)).isLessThan(700);
  }

  @Test
  @DisplayName("a process by itself hardly ever waits")
  void alone() {
    Writer writer = new Writer();
    writer.appendEvery(0, 100);
    simulation.run();
    assertThat(writer.latencies).hasSize(2_000);
    assertThat(writer.percentile(99)).isLessThan(110);
    assertThat(writer.percentile(100)).as("while it looks for others").isLessThan(200);
  }
}
