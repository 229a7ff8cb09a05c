package ai.starcite.store.rocksdb;

import ai.starcite.AppendResult;
import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.SessionLog;
import ai.starcite.Tail;
import ai.starcite.TailOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/** What a session log does on the RocksDB store, with events of 256 bytes; events a second. */
final class LogSpeed {
  private static final int EVENT_BYTES = 256;
  private static final int IN_FLIGHT = 8_000;
  private static final int REPLAYED_EVENTS = 1_000_000;

  private static final Json PAYLOAD =
      Json.from(Map.of("role", "assistant", "text", "x".repeat(EVENT_BYTES - 64)));

  private LogSpeed() {}

  /** Blocking writers on one session, each event of a producer. */
  static double blocking(Path directory, int threads, int seconds) throws Exception {
    try (SessionLog log = open(directory)) {
      String session = log.create(NewSession.unnamed()).id();
      long start = System.nanoTime();
      long end = start + seconds * 1_000_000_000L;
      AtomicLong appended = new AtomicLong();
      ExecutorService writers = Executors.newFixedThreadPool(threads);
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        String producer = "writer-" + i;
        running.add(
            writers.submit(
                () -> {
                  long count = 0;
                  while (System.nanoTime() < end) {
                    log.append(session, event(producer, ++count));
                  }
                  appended.addAndGet(count);
                }));
      }
      for (Future<?> each : running) {
        each.get();
      }
      writers.shutdown();
      return appended.get() * 1e9 / (System.nanoTime() - start);
    }
  }

  /** One thread that keeps thousands of appends in flight. */
  static double asynchronous(Path directory, int seconds) throws Exception {
    try (SessionLog log = open(directory)) {
      String session = log.create(NewSession.unnamed()).id();
      Semaphore inFlight = new Semaphore(IN_FLIGHT);
      AtomicLong failed = new AtomicLong();
      long start = System.nanoTime();
      long end = start + seconds * 1_000_000_000L;
      long count = 0;
      while (System.nanoTime() < end) {
        inFlight.acquire();
        log.appendAsync(session, event("writer", ++count))
            .whenComplete(
                (AppendResult done, Throwable failure) -> {
                  if (failure != null) {
                    failed.incrementAndGet();
                  }
                  inFlight.release();
                });
      }
      inFlight.acquire(IN_FLIGHT);
      if (failed.get() > 0) {
        throw new IllegalStateException(failed + " appends failed");
      }
      return count * 1e9 / (System.nanoTime() - start);
    }
  }

  /** Replays a session of a million events, touching each; the best of three rounds. */
  static double replay(Path directory) throws Exception {
    try (SessionLog log = open(directory)) {
      String session = log.create(NewSession.unnamed()).id();
      List<NewEvent> batch = new ArrayList<>();
      for (int i = 1; i <= REPLAYED_EVENTS; i++) {
        batch.add(event("writer", i));
        if (batch.size() == 1_000) {
          log.appendAll(session, batch);
          batch.clear();
        }
      }
      double best = 0;
      for (int round = 0; round < 3; round++) {
        long start = System.nanoTime();
        long count = 0;
        long touched = 0;
        try (Tail tail = log.tail(session, TailOptions.from(0).withoutFollowing())) {
          while (tail.hasNext()) {
            Event event = tail.next();
            touched += event.seq() + event.payload().size();
            count++;
          }
        }
        if (count != REPLAYED_EVENTS || touched == 0) {
          throw new IllegalStateException("saw " + count + " events");
        }
        best = Math.max(best, count * 1e9 / (System.nanoTime() - start));
      }
      return best;
    }
  }

  /** The heap that is in use after so many sessions were created and written to once each. */
  static long heapOfSessions(Path directory, int sessions) throws Exception {
    try (SessionLog log = open(directory)) {
      List<CompletableFuture<AppendResult>> pending = new ArrayList<>();
      for (int i = 0; i < sessions; i++) {
        String session = log.create(NewSession.unnamed()).id();
        pending.add(log.appendAsync(session, event("writer", 1)));
        if (pending.size() == 1_000) {
          CompletableFuture.allOf(pending.toArray(new CompletableFuture<?>[0])).join();
          pending.clear();
        }
      }
      System.gc();
      Runtime runtime = Runtime.getRuntime();
      return runtime.totalMemory() - runtime.freeMemory();
    }
  }

  private static SessionLog open(Path directory) throws Exception {
    Path log = directory.resolve("log");
    SpeedComparison.delete(log);
    return SessionLog.open(RocksDbSegmentStore.open(log));
  }

  private static NewEvent event(String producer, long number) {
    return NewEvent.of("message", PAYLOAD).withAgent("drafter").withProducer(producer, number);
  }
}
