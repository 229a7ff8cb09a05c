package ai.starcite.benchmarks.tails;

import ai.starcite.benchmarks.measure.Figures;
import ai.starcite.benchmarks.measure.Workload;
import java.util.Collections;

/** Appends that all tails of the session receive, each before the next one is sent. */
final class FanOut implements Workload {
  private final int tails;
  private final int batch;
  private final int deliveries;

  FanOut(int tails, int batch, int deliveries) {
    this.tails = tails;
    this.batch = batch;
    this.deliveries = deliveries;
  }

  @Override
  public String name() {
    return "fan-out to %,d tails, %,d events at a time".formatted(tails, batch);
  }

  @Override
  public void measure(Figures figures) {
    try (MemoryLog memory = MemoryLog.open()) {
      Counter counter = new Counter();
      for (int i = 0; i < tails; i++) {
        memory.tail(0, counter.subscriber());
      }
      long expected = 0;
      int appends = Math.max(1, deliveries / tails / batch);
      long start = System.nanoTime();
      for (int i = 0; i < appends; i++) {
        memory.log().appendAll(memory.session(), Collections.nCopies(batch, MemoryLog.EVENT));
        expected += (long) tails * batch;
        counter.await(expected);
      }
      figures.add(
          "tails/fan-out/" + tails + "/" + batch + "/rate",
          expected * 1e9 / (System.nanoTime() - start));
    }
  }
}
