package ai.starcite.benchmarks.replay;

import ai.starcite.SessionLog;
import ai.starcite.benchmarks.measure.Figures;
import ai.starcite.benchmarks.measure.Workload;
import ai.starcite.store.rocksdb.RocksDbSegmentStore;
import java.nio.file.Path;

/** Opens the store, and in it the session of the recording, as an append has to. */
final class ColdOpen implements Workload {
  private final Path directory;
  private final int events;

  ColdOpen(Path directory, int events) {
    this.directory = directory;
    this.events = events;
  }

  @Override
  public String name() {
    return "cold open";
  }

  @Override
  public void measure(Figures figures) {
    long start = System.nanoTime();
    RocksDbSegmentStore store = RocksDbSegmentStore.open(directory);
    long stored = System.nanoTime();
    try (SessionLog log = SessionLog.open(store)) {
      long before = System.nanoTime();
      long last = log.producerPosition(Recording.SESSION, Recording.PRODUCER).orElseThrow().seq();
      long opened = System.nanoTime();
      if (last != events) {
        throw new IllegalStateException("the last event is " + last + " of " + events);
      }
      figures.add("open/store/ms", (stored - start) / 1e6);
      figures.add("open/session/ms", (opened - before) / 1e6);
    }
  }
}
