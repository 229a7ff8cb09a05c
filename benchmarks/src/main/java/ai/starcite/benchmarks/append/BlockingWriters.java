package ai.starcite.benchmarks.append;

import ai.starcite.benchmarks.measure.Figures;
import ai.starcite.benchmarks.measure.Latencies;
import ai.starcite.benchmarks.peers.Contender;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAccumulator;

/** Threads each of which appends an event and waits for it before the next one. */
final class BlockingWriters extends Appending<Contender> {
  private final Payloads payloads;
  private final int writers;
  private final int sessions;

  BlockingWriters(
      Contender contender,
      Path directory,
      int bytes,
      Duration measured,
      int writers,
      int sessions) {
    super(contender, directory, name(writers, sessions) + "/" + bytes, measured);
    this.payloads = new Payloads(bytes);
    this.writers = writers;
    this.sessions = sessions;
  }

  private static String name(int writers, int sessions) {
    return writers == 1
        ? "1 blocking writer"
        : writers
            + " blocking writers on "
            + (sessions == 1 ? "1 session" : sessions + " sessions");
  }

  @Override
  void run(Contender.Store store, Figures figures, String name) throws Exception {
    for (int i = 0; i < sessions; i++) {
      store.create("session-" + i);
    }
    long start = System.nanoTime() + measured.toNanos() / 4;
    long end = start + measured.toNanos();
    LongAccumulator last = new LongAccumulator(Math::max, start);
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    try {
      List<Future<Latencies>> running = new ArrayList<>();
      for (int i = 0; i < writers; i++) {
        String producer = "writer-" + i;
        String session = "session-" + i % sessions;
        running.add(threads.submit(() -> append(store, session, producer, start, end, last)));
      }
      Latencies all = new Latencies();
      for (Future<Latencies> each : running) {
        all.addAll(each.get());
      }
      figures.add(name + "/rate", all.count() * 1e9 / (Math.max(end, last.get()) - start));
      figures.add(name + "/p50", all.percentileMicros(50));
      figures.add(name + "/p99", all.percentileMicros(99));
    } finally {
      threads.shutdown();
    }
  }

  /** Appends until the end; what was done between start and end counts. */
  private Latencies append(
      Contender.Store store,
      String session,
      String producer,
      long start,
      long end,
      LongAccumulator last)
      throws Exception {
    Latencies latencies = new Latencies();
    try (Contender.Writer writer = store.writer()) {
      long before = System.nanoTime();
      // Each writer counts once at least, however slow the disk is.
      for (long number = 1; before < end || latencies.count() == 0; number++) {
        writer.append(payloads.entry(session, producer, number));
        long after = System.nanoTime();
        if (after >= start && (after < end || latencies.count() == 0)) {
          latencies.add(after - before);
          last.accumulate(after);
        }
        before = after;
      }
    }
    return latencies;
  }
}
