package ai.starcite.benchmarks.sessions;

import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.SessionLog;
import ai.starcite.SessionPage;
import ai.starcite.SessionQuery;
import ai.starcite.benchmarks.Environment;
import ai.starcite.benchmarks.Section;
import ai.starcite.benchmarks.measure.Directories;
import ai.starcite.benchmarks.measure.Figures;
import ai.starcite.benchmarks.measure.Heap;
import ai.starcite.benchmarks.peers.Payload;
import ai.starcite.store.rocksdb.RocksDbSegmentStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Very many sessions on RocksDB: created, written to once, listed, and written to at random. Once,
 * since it is about their number; the heap is measured at a tenth of them and at all of them.
 */
public final class SessionSection implements Section {
  private static final int THREADS = 64;
  private static final int IN_FLIGHT = 4_000;

  private final NewEvent event =
      NewEvent.of("message", Payload.ofBytes(256, 1).json()).withAgent("drafter");

  @Override
  public String name() {
    return "sessions";
  }

  @Override
  public void run(Environment environment, Figures figures) throws Exception {
    int all = environment.scale().sessions();
    int tenth = all / 10;
    Path directory = Directories.empty(environment.directory(), "log");
    long empty = Heap.usedBytes();
    try (SessionLog log = SessionLog.open(RocksDbSegmentStore.open(directory))) {
      create(log, 0, tenth);
      touch(log, tenth, tenth, Optional.empty());
      figures.add("sessions/tenth/heap", Heap.usedBytes() - empty);
      System.out.printf("  %,d created and written to%n", tenth);
      long start = System.nanoTime();
      create(log, tenth, all);
      figures.add("sessions/create/rate", (all - tenth) * 1e9 / (System.nanoTime() - start));
      System.out.printf("  %,d created%n", all);
      list(log, all, figures);
      start = System.nanoTime();
      touch(log, tenth, all, Optional.of(new Random(1)));
      figures.add("sessions/touch/rate", tenth * 1e9 / (System.nanoTime() - start));
      figures.add("sessions/all/heap", Heap.usedBytes() - empty);
      System.out.printf("  %,d written to at random%n", tenth);
    }
  }

  private static String id(int number) {
    return "session-%07d".formatted(number);
  }

  private static void create(SessionLog log, int from, int to) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int first = from + i;
        running.add(
            threads.submit(
                () -> {
                  for (int number = first; number < to; number += THREADS) {
                    log.create(NewSession.ofId(id(number)));
                  }
                }));
      }
      for (Future<?> each : running) {
        each.get();
      }
    } finally {
      threads.shutdown();
    }
  }

  /** Appends to sessions, one after the other or at random. */
  private void touch(SessionLog log, int times, int sessions, Optional<Random> random)
      throws InterruptedException {
    Semaphore free = new Semaphore(IN_FLIGHT);
    AtomicReference<Throwable> failed = new AtomicReference<>();
    for (int i = 0; i < times; i++) {
      int number = random.isPresent() ? random.get().nextInt(sessions) : i;
      free.acquire();
      CompletableFuture<?> append = log.appendAsync(id(number), event);
      append.whenComplete(
          (result, failure) -> {
            if (failure != null) {
              failed.set(failure);
            }
            free.release();
          });
    }
    free.acquire(IN_FLIGHT);
    if (failed.get() != null) {
      throw new IllegalStateException("an append failed", failed.get());
    }
  }

  private static void list(SessionLog log, int all, Figures figures) {
    long start = System.nanoTime();
    SessionQuery query = SessionQuery.active().withLimit(1_000);
    long listed = 0;
    Optional<String> next = Optional.empty();
    do {
      SessionPage page = log.list(next.map(query::withAfter).orElse(query));
      listed += page.sessions().size();
      next = page.next();
    } while (next.isPresent());
    if (listed != all) {
      throw new IllegalStateException("listed " + listed + " sessions of " + all);
    }
    figures.add("sessions/list/rate", listed * 1e9 / (System.nanoTime() - start));
  }
}
