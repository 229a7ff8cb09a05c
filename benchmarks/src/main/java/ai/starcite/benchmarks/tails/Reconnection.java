package ai.starcite.benchmarks.tails;

import ai.starcite.LogObserver;
import ai.starcite.NewSession;
import ai.starcite.SessionLog;
import ai.starcite.TailOptions;
import ai.starcite.benchmarks.measure.Figures;
import ai.starcite.benchmarks.measure.Workload;
import ai.starcite.store.memory.MemorySegmentStore;
import java.time.Duration;
import java.util.Collections;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** All readers of a session come back at once, at random cursors, while it is written to. */
final class Reconnection implements Workload {
  private static final String SESSION = "session";

  private final int tails;
  private final int events;

  Reconnection(int tails, int events) {
    this.tails = tails;
    this.events = events;
  }

  @Override
  public String name() {
    return "%,d tails resume a session of %,d events".formatted(tails, events);
  }

  @Override
  public void measure(Figures figures) throws Exception {
    Bytes bytes = new Bytes(new AtomicLong(), new AtomicLong());
    MemorySegmentStore store = MemorySegmentStore.open();
    try (SessionLog before = SessionLog.builder(store).closesStore(false).observer(bytes).open()) {
      before.create(NewSession.ofId(SESSION));
      for (int i = 0; i < events; i += 10) {
        before.appendAll(SESSION, Collections.nCopies(10, MemoryLog.EVENT));
      }
    }
    long size = bytes.committed().get();
    try (SessionLog log = SessionLog.builder(store).observer(bytes).open()) {
      AtomicBoolean over = new AtomicBoolean();
      AtomicLong written = new AtomicLong();
      Thread writer =
          new Thread(
              () -> {
                while (!over.get()) {
                  log.append(SESSION, MemoryLog.EVENT);
                  written.incrementAndGet();
                }
              });
      Random random = new Random(1);
      CountDownLatch arrived = new CountDownLatch(tails);
      long start = System.nanoTime();
      writer.start();
      for (int i = 0; i < tails; i++) {
        log.publisher(SESSION, TailOptions.from(random.nextInt(events)))
            .subscribe(new Arriving(events, arrived));
      }
      arrived.await();
      long took = System.nanoTime() - start;
      over.set(true);
      writer.join();
      figures.add("tails/reconnection/ms", took / 1e6);
      figures.add("tails/reconnection/read", bytes.read().get() / (double) size);
      figures.add("tails/reconnection/appends", written.get() * 1e9 / took);
    }
  }

  private record Bytes(AtomicLong committed, AtomicLong read) implements LogObserver {
    @Override
    public void onCommitted(String sessionId, int events, int bytes, Duration took) {
      committed.addAndGet(bytes);
    }

    @Override
    public void onPageRead(String sessionId, long bytes, Duration took) {
      read.addAndGet(bytes);
    }
  }
}
