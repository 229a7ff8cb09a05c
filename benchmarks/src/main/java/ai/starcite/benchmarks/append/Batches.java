package ai.starcite.benchmarks.append;

import ai.starcite.benchmarks.measure.Figures;
import ai.starcite.benchmarks.peers.Contender;
import ai.starcite.benchmarks.peers.Entry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One thread that appends batches, one after the other. */
final class Batches extends Appending<Contender> {
  private final Payloads payloads;
  private final int events;

  Batches(Contender contender, Path directory, int bytes, Duration measured, int events) {
    super(contender, directory, "batches of %,d/%d".formatted(events, bytes), measured);
    this.payloads = new Payloads(bytes);
    this.events = events;
  }

  @Override
  void run(Contender.Store store, Figures figures, String name) throws Exception {
    store.create("session");
    try (Contender.Writer writer = store.writer()) {
      long number = append(writer, 0, measured.toNanos() / 4);
      long start = System.nanoTime();
      long last = append(writer, number, measured.toNanos());
      figures.add(name + "/rate", (last - number) * 1e9 / (System.nanoTime() - start));
    }
  }

  private long append(Contender.Writer writer, long last, long nanos) throws Exception {
    long number = last;
    long end = System.nanoTime() + nanos;
    do {
      List<Entry> batch = new ArrayList<>(events);
      for (int i = 0; i < events; i++) {
        batch.add(payloads.entry("session", "writer", ++number));
      }
      writer.appendAll(batch);
    } while (System.nanoTime() < end);
    return number;
  }
}
