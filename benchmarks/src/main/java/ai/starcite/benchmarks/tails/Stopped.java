package ai.starcite.benchmarks.tails;

import ai.starcite.benchmarks.measure.Figures;
import ai.starcite.benchmarks.measure.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Appends beside a tail whose reader took one event and no more, or without it. */
final class Stopped implements Workload {
  private static final int IN_FLIGHT = 5_000;

  private final int appends;
  private final boolean withTail;

  Stopped(int appends, boolean withTail) {
    this.appends = appends;
    this.withTail = withTail;
  }

  @Override
  public String name() {
    return "%,d appends, %s".formatted(appends, withTail ? "beside a stopped tail" : "no tail");
  }

  @Override
  public void measure(Figures figures) {
    try (MemoryLog memory = MemoryLog.open()) {
      memory.append(1_000);
      if (withTail) {
        Counter counter = new Counter();
        memory.tail(0, counter.subscriber(1));
        counter.await(1);
      }
      long start = System.nanoTime();
      List<CompletableFuture<?>> underWay = new ArrayList<>();
      for (int i = 0; i < appends; i++) {
        underWay.add(memory.log().appendAsync(memory.session(), MemoryLog.EVENT));
        if (underWay.size() == IN_FLIGHT) {
          join(underWay);
        }
      }
      join(underWay);
      figures.add(
          "tails/stopped/" + (withTail ? "with" : "without") + "/rate",
          appends * 1e9 / (System.nanoTime() - start));
    }
  }

  private static void join(List<CompletableFuture<?>> underWay) {
    CompletableFuture.allOf(underWay.toArray(CompletableFuture[]::new)).join();
    underWay.clear();
  }
}
