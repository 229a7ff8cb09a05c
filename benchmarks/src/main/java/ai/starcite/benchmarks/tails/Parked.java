package ai.starcite.benchmarks.tails;

import ai.starcite.benchmarks.measure.Figures;
import ai.starcite.benchmarks.measure.Heap;
import ai.starcite.benchmarks.measure.Workload;

/** What a tail keeps in memory while it waits for news. */
final class Parked implements Workload {
  private final int tails;

  Parked(int tails) {
    this.tails = tails;
  }

  @Override
  public String name() {
    return "%,d parked tails".formatted(tails);
  }

  @Override
  public void measure(Figures figures) {
    try (MemoryLog memory = MemoryLog.open()) {
      memory.append(100);
      Counter counter = new Counter();
      memory.tail(0, counter.subscriber());
      counter.await(100);
      long before = Heap.usedBytes();
      for (int i = 0; i < tails; i++) {
        memory.tail(100, counter.subscriber());
      }
      memory.append(1);
      counter.await(101 + tails);
      figures.add("tails/parked/bytes", (double) (Heap.usedBytes() - before) / tails);
    }
  }
}
