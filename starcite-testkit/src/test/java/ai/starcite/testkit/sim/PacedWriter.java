package ai.starcite.testkit.sim;

import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.SessionLog;
import ai.starcite.spi.SegmentStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A simulated process that appends to session {@code s} at a rate, without waiting, and knows how
 * long each of its events took. Its store takes about 40 ms for a write and 10 for a read, as an
 * object store does.
 */
final class PacedWriter {
  static final int WRITE_MILLIS = 40;
  private static final int READ_MILLIS = 10;

  private final Simulation simulation;
  private final SimulatedProcess process;
  private final SessionLog log;
  private final List<Long> latencies = new ArrayList<>();
  private int sent;
  private boolean unsteady;

  PacedWriter(Simulation simulation, String name, SegmentStore store) {
    this.simulation = simulation;
    process = simulation.startProcess(name);
    log =
        process.open(
            SessionLog.builder(new DistantStore(store, simulation, process, this::delayNanos)));
  }

  private long delayNanos(String operation) {
    int millis = operation.startsWith("append") ? WRITE_MILLIS : READ_MILLIS;
    // Half of it there, half of it back, and a tenth more or less.
    long half = Duration.ofMillis(millis).toNanos() / 2;
    return unsteady
        ? (long) (half * Math.exp(simulation.random().nextGaussian() * 0.8))
        : half + (long) ((simulation.random().nextDouble() - 0.5) * half / 5);
  }

  /** Has one way to the store or back in six take twice as long, and one in a hundred six times. */
  void unsteady() {
    unsteady = true;
  }

  /** Appends so many events a second, from one second to another one, counted from now. */
  void appendEvery(int startSecond, int endSecond, int rate) {
    for (int i = 0; i < (endSecond - startSecond) * rate; i++) {
      appendIn(startSecond * 1_000L + i * 1_000L / rate);
    }
  }

  /** Appends an event so long from now. */
  void appendIn(long millis) {
    process.later("event", Duration.ofMillis(millis), this::append);
  }

  private void append() {
    sent++;
    long start = simulation.elapsedNanos();
    log.appendAsync("s", NewEvent.of("t", Json.parse("{}")))
        .thenRun(() -> latencies.add((simulation.elapsedNanos() - start) / 1_000_000));
  }

  int sent() {
    return sent;
  }

  /** How long each event that was acknowledged took, in ms, in the order in which they were. */
  List<Long> latencies() {
    return latencies;
  }

  long percentile(int percent) {
    List<Long> sorted = latencies.stream().sorted().toList();
    return sorted.get((sorted.size() - 1) * percent / 100);
  }

  @Override
  public String toString() {
    return latencies.isEmpty()
        ? "%s: none of %d".formatted(process.name(), sent)
        : "%s: %d of %d, p50 %d, p99 %d, worst %d ms"
            .formatted(
                process.name(),
                latencies.size(),
                sent,
                percentile(50),
                percentile(99),
                percentile(100));
  }
}
