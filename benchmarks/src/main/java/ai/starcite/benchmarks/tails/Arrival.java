package ai.starcite.benchmarks.tails;

import ai.starcite.TailOptions;
import ai.starcite.benchmarks.measure.Figures;
import ai.starcite.benchmarks.measure.Latencies;
import ai.starcite.benchmarks.measure.Workload;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** How long after the return of an append its event arrives at a tail that was parked. */
final class Arrival implements Workload {
  private final int appends;

  Arrival(int appends) {
    this.appends = appends;
  }

  @Override
  public String name() {
    return "from acknowledgement to tail";
  }

  @Override
  public void measure(Figures figures) {
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try (MemoryLog memory = MemoryLog.open()) {
      long[] arrived = new long[appends + 1];
      AtomicLong last = new AtomicLong();
      memory
          .log()
          .subscribe(
              memory.session(),
              TailOptions.from(0),
              event -> {
                arrived[(int) event.seq()] = System.nanoTime();
                last.set(event.seq());
              },
              executor);
      Latencies latencies = new Latencies();
      for (int i = 0; i < appends; i++) {
        long seq = memory.log().append(memory.session(), MemoryLog.EVENT).seq();
        long acknowledged = System.nanoTime();
        while (last.get() < seq) {
          Thread.onSpinWait();
        }
        latencies.add(Math.max(0, arrived[(int) seq] - acknowledged));
        // So that the tail is parked when the next one comes.
        LockSupport.parkNanos(100_000);
      }
      figures.add("tails/arrival/p50", latencies.percentileMicros(50));
      figures.add("tails/arrival/p99", latencies.percentileMicros(99));
    } finally {
      executor.shutdown();
    }
  }
}
