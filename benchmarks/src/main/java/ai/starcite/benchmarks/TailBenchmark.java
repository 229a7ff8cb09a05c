package ai.starcite.benchmarks;

import ai.starcite.Json;
import ai.starcite.LogObserver;
import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.SessionLog;
import ai.starcite.TailOptions;
import ai.starcite.store.memory.MemorySegmentStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Many tails at once: what they cost while they wait, and how fast they are when there is news. All
 * on the memory store, so that it is the log that is measured.
 */
public final class TailBenchmark {
  private static final int ROUNDS = 5;
  private static final NewEvent EVENT =
      NewEvent.of("text_delta", Json.parse("{\"text\":\"" + "x".repeat(200) + "\"}"))
          .withAgent("drafter");

  private TailBenchmark() {}

  /** Prints all figures. */
  public static void main(String[] arguments) throws Exception {
    parked(10_000);
    fanOut(10_000, 1);
    fanOut(10_000, 100);
    fanOut(1_000, 100);
    ownSessions(1_000);
    latency();
    stopped(1_000_000);
    storm(2_000, 20_000);
  }

  private static SessionLog open() {
    return SessionLog.open(MemorySegmentStore.open());
  }

  private static String session(SessionLog log) {
    return log.create(NewSession.unnamed()).id();
  }

  private static void append(SessionLog log, String id, int events) {
    for (int left = events; left > 0; left -= 1_000) {
      log.appendAll(id, Collections.nCopies(Math.min(1_000, left), EVENT));
    }
  }

  // ---- What waiting costs.

  private static void parked(int tails) throws Exception {
    try (SessionLog log = open()) {
      String id = session(log);
      append(log, id, 100);
      Counter counter = new Counter();
      log.publisher(id, TailOptions.from(0)).subscribe(counter.subscriber());
      counter.await(100);
      int threads = Thread.activeCount();
      long before = heapUsed();
      for (int i = 0; i < tails; i++) {
        log.publisher(id, TailOptions.from(100)).subscribe(counter.subscriber());
      }
      append(log, id, 1);
      counter.await(101 + tails);
      long each = (heapUsed() - before) / tails;
      System.out.printf(
          "%,d parked tails on one session: %,d bytes of heap each, %d more threads%n",
          tails, each, Math.max(0, Thread.activeCount() - threads));
    }
  }

  private static long heapUsed() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(100);
    }
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  // ---- What news costs.

  private static void fanOut(int tails, int batch) throws Exception {
    try (SessionLog log = open()) {
      String id = session(log);
      Counter counter = new Counter();
      for (int i = 0; i < tails; i++) {
        log.publisher(id, TailOptions.from(0)).subscribe(counter.subscriber());
      }
      long[] rates = new long[ROUNDS];
      long expected = 0;
      for (int round = -1; round < ROUNDS; round++) {
        int appends = Math.max(1, 3_000_000 / tails / batch);
        long started = System.nanoTime();
        for (int i = 0; i < appends; i++) {
          log.appendAll(id, Collections.nCopies(batch, EVENT));
          expected += (long) tails * batch;
          counter.await(expected);
        }
        if (round >= 0) {
          rates[round] = rate((long) tails * batch * appends, System.nanoTime() - started);
        }
      }
      System.out.printf(
          "%,d tails, batches of %d, each awaited by all: %s deliveries/s%n",
          tails, batch, spread(rates));
    }
  }

  private static void ownSessions(int sessions) {
    long[] without = new long[ROUNDS];
    long[] with = new long[ROUNDS];
    for (int round = -1; round < ROUNDS; round++) {
      long bare = appendToEach(sessions, false);
      long tailed = appendToEach(sessions, true);
      if (round >= 0) {
        without[round] = bare;
        with[round] = tailed;
      }
    }
    System.out.printf(
        "%,d sessions: %s appended/s; each with a tail: %s appended and delivered/s%n",
        sessions, spread(without), spread(with));
  }

  private static long appendToEach(int sessions, boolean withTails) {
    try (SessionLog log = open()) {
      Counter counter = new Counter();
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < sessions; i++) {
        ids.add(session(log));
        if (withTails) {
          log.publisher(ids.get(i), TailOptions.from(0)).subscribe(counter.subscriber());
        }
      }
      int rounds = 100;
      long started = System.nanoTime();
      for (int i = 0; i < rounds; i++) {
        List<CompletableFuture<?>> appends = new ArrayList<>();
        for (String id : ids) {
          appends.add(log.appendAsync(id, EVENT));
        }
        CompletableFuture.allOf(appends.toArray(CompletableFuture[]::new)).join();
      }
      if (withTails) {
        counter.await((long) sessions * rounds);
      }
      return rate((long) sessions * rounds, System.nanoTime() - started);
    }
  }

  /** From the return of an append to the event's arrival at a tail that was parked. */
  private static void latency() throws Exception {
    try (SessionLog log = open()) {
      String id = session(log);
      int appends = 20_000;
      long[] arrived = new long[2 * appends + 1];
      ExecutorService executor = Executors.newSingleThreadExecutor();
      AtomicLong last = new AtomicLong();
      log.subscribe(
          id,
          TailOptions.from(0),
          event -> {
            arrived[(int) event.seq()] = System.nanoTime();
            last.set(event.seq());
          },
          executor);
      long[] latencies = new long[appends];
      for (int i = -appends; i < appends; i++) {
        long seq = log.append(id, EVENT).seq();
        long acknowledged = System.nanoTime();
        while (last.get() < seq) {
          Thread.onSpinWait();
        }
        if (i >= 0) {
          latencies[i] = Math.max(0, arrived[(int) seq] - acknowledged);
        }
        // So that the tail is parked when the next one comes.
        Thread.sleep(0, i % 10 == 0 ? 200_000 : 50_000);
      }
      executor.shutdown();
      Arrays.sort(latencies);
      System.out.printf(
          "from acknowledgement to a parked tail: p50 %,d us, p99 %,d us, most %,d us%n",
          latencies[appends / 2] / 1_000,
          latencies[appends * 99 / 100] / 1_000,
          latencies[appends - 1] / 1_000);
    }
  }

  // ---- Tails that stand still, and tails that come all at once.

  private static void stopped(int appends) throws Exception {
    long[] without = new long[ROUNDS];
    long[] with = new long[ROUNDS];
    for (int round = -1; round < ROUNDS; round++) {
      // They take turns in going first.
      boolean first = round % 2 == 0;
      long one = million(appends, first);
      long other = million(appends, !first);
      if (round >= 0) {
        with[round] = first ? one : other;
        without[round] = first ? other : one;
      }
    }
    System.out.printf(
        "%,d appends: %s/s; beside a tail that stopped: %s/s%n",
        appends, spread(without), spread(with));
  }

  private static long million(int appends, boolean withTail) throws Exception {
    try (SessionLog log = open()) {
      String id = session(log);
      append(log, id, 1_000);
      if (withTail) {
        Counter counter = new Counter();
        log.publisher(id, TailOptions.from(0)).subscribe(counter.subscriber(1));
        counter.await(1);
      }
      long started = System.nanoTime();
      List<CompletableFuture<?>> underWay = new ArrayList<>();
      for (int i = 0; i < appends; i++) {
        underWay.add(log.appendAsync(id, EVENT));
        if (underWay.size() == 5_000) {
          CompletableFuture.allOf(underWay.toArray(CompletableFuture[]::new)).join();
          underWay.clear();
        }
      }
      CompletableFuture.allOf(underWay.toArray(CompletableFuture[]::new)).join();
      return rate(appends, System.nanoTime() - started);
    }
  }

  private static void storm(int tails, int events) throws Exception {
    MemorySegmentStore store = MemorySegmentStore.open();
    String id;
    AtomicLong committed = new AtomicLong();
    try (SessionLog before =
        SessionLog.builder(store).closesStore(false).observer(new Bytes(committed, null)).open()) {
      id = session(before);
      for (int i = 0; i < events; i += 10) {
        before.appendAll(id, Collections.nCopies(10, EVENT));
      }
    }
    AtomicLong read = new AtomicLong();
    try (SessionLog log =
        SessionLog.builder(store).observer(new Bytes(new AtomicLong(), read)).open()) {
      Random random = new Random(1);
      Counter counter = new Counter();
      long expected = 0;
      long started = System.nanoTime();
      AtomicBoolean over = new AtomicBoolean();
      AtomicLong written = new AtomicLong();
      Thread writer =
          new Thread(
              () -> {
                while (!over.get()) {
                  log.append(id, EVENT);
                  written.incrementAndGet();
                }
              });
      writer.start();
      CountDownLatch arrived = new CountDownLatch(tails);
      for (int i = 0; i < tails; i++) {
        long cursor = random.nextInt(events);
        expected += events - cursor;
        log.publisher(id, TailOptions.from(cursor)).subscribe(new Arriving(events, arrived));
      }
      arrived.await();
      long took = System.nanoTime() - started;
      over.set(true);
      writer.join();
      System.out.printf(
          "%,d tails resume a session of %,d events: all have arrived after %,d ms, at %,d"
              + " deliveries/s; %.2f times its %,d KiB were read, %,d appends went on%n",
          tails,
          events,
          took / 1_000_000,
          rate(expected, took),
          read.get() / (double) committed.get(),
          committed.get() >> 10,
          written.get());
    }
  }

  private static long rate(long many, long nanos) {
    return many * 1_000_000_000L / nanos;
  }

  private static String spread(long[] figures) {
    long[] sorted = figures.clone();
    Arrays.sort(sorted);
    return "%,d (%,d to %,d)"
        .formatted(sorted[sorted.length / 2], sorted[0], sorted[sorted.length - 1]);
  }

  private record Bytes(AtomicLong committed, AtomicLong read) implements LogObserver {
    @Override
    public void committed(String sessionId, int events, int bytes, Duration took) {
      committed.addAndGet(bytes);
    }

    @Override
    public void pageRead(String sessionId, long bytes, Duration took) {
      read.addAndGet(bytes);
    }
  }
}
