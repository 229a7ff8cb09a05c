package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.SessionLog;
import ai.starcite.Tail;
import ai.starcite.TailOptions;
import ai.starcite.TailSubscription;
import ai.starcite.store.memory.MemorySegmentStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * A hunt for wake-ups that are lost: events come one at a time, each as soon as every tail has seen
 * the one before and is about to park, or has just parked. A tail that misses its wake-up stands
 * still, and the watchdog says so.
 */
class TailWakeupTest {
  private static final int EVENTS = 5_000;
  private static final long WATCHDOG_SECONDS = 60;
  private static final NewEvent EVENT = NewEvent.of("content", Json.parse("{\"text\":\"x\"}"));

  private final SessionLog log = SessionLog.open(MemorySegmentStore.open());
  private final String id = log.create(NewSession.defaults()).id();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void close() {
    threads.shutdownNow();
    log.close();
  }

  /** Appends each event once all have got the one before. */
  private void pingPong(List<AtomicLong> seen) throws Exception {
    Future<Void> writer =
        threads.submit(
            () -> {
              for (long seq = 1; seq <= EVENTS; seq++) {
                log.append(id, EVENT);
                for (AtomicLong each : seen) {
                  while (each.get() < seq) {
                    if (Thread.interrupted()) {
                      throw new AssertionError("a tail stands at " + each + ", not at " + seq);
                    }
                    Thread.onSpinWait();
                  }
                }
                // At times the tails are about to park when the next event comes, at times parked.
                if (seq % 64 == 0) {
                  LockSupport.parkNanos(seq % 5 * 20_000);
                }
              }
              return null;
            });
    try {
      writer.get(WATCHDOG_SECONDS, TimeUnit.SECONDS);
    } catch (java.util.concurrent.TimeoutException e) {
      throw new AssertionError("a wake-up was lost: the tails stand at " + seen, e);
    }
  }

  private static List<AtomicLong> counters(int tails) {
    List<AtomicLong> seen = new ArrayList<>();
    for (int i = 0; i < tails; i++) {
      seen.add(new AtomicLong());
    }
    return seen;
  }

  @Test
  @DisplayName("TAIL-1: no wake-up of a blocked reader is lost")
  void blocking() throws Exception {
    List<AtomicLong> seen = counters(3);
    List<Future<Void>> readers = new ArrayList<>();
    for (AtomicLong each : seen) {
      readers.add(
          threads.submit(
              (Callable<Void>)
                  () -> {
                    try (Tail tail = log.tail(id, TailOptions.from(0).withLimit(EVENTS))) {
                      for (Event event : tail) {
                        each.set(event.seq());
                      }
                    }
                    return null;
                  }));
    }
    pingPong(seen);
    for (Future<Void> each : readers) {
      each.get(WATCHDOG_SECONDS, TimeUnit.SECONDS);
    }
  }

  @Test
  @DisplayName("TAIL-1: no wake-up of a reader that polls with a time-out is lost")
  void polling() throws Exception {
    List<AtomicLong> seen = counters(2);
    for (AtomicLong each : seen) {
      threads.submit(
          () -> {
            try (Tail tail = log.tail(id, 0)) {
              while (each.get() < EVENTS) {
                tail.poll(Duration.ofDays(1)).ifPresent(event -> each.set(event.seq()));
              }
            }
            return null;
          });
    }
    pingPong(seen);
  }

  @Test
  @DisplayName("TAIL-1: no wake-up of a listener or a subscriber is lost, few or many")
  void pushing() throws Exception {
    List<AtomicLong> seen = counters(12);
    for (AtomicLong each : seen.subList(0, 6)) {
      log.subscribe(id, TailOptions.from(0), event -> each.set(event.seq()), threads);
    }
    for (AtomicLong each : seen.subList(6, 12)) {
      log.publisher(id, TailOptions.from(0))
          .subscribe(
              new Received() {
                @Override
                long firstDemand() {
                  return 1;
                }

                @Override
                void handle(Event event) {
                  each.set(event.seq());
                  // Sometimes within the call, as here; the other kind of demand is the test below.
                  subscription().request(1);
                }
              });
    }
    pingPong(seen);
  }

  @Test
  @DisplayName("TAIL-7: no demand is lost that comes from another thread")
  void demanding() throws Exception {
    Received received =
        new Received() {
          @Override
          long firstDemand() {
            return 0;
          }
        };
    log.publisher(id, TailOptions.from(0)).subscribe(received);
    AtomicLong seen = new AtomicLong();
    threads.submit(
        () -> {
          while (received.subscription() == null) {
            Thread.onSpinWait();
          }
          for (long demanded = 1; demanded <= EVENTS; demanded++) {
            received.subscription().request(1);
            TailSubscription tail = received.tail();
            while (tail.cursor().seq() < demanded && !Thread.currentThread().isInterrupted()) {
              Thread.onSpinWait();
            }
            seen.set(demanded);
          }
          return null;
        });
    pingPong(List.of(seen));
    assertThat(received.events()).hasSize(EVENTS);
    received.requireOrderly();
  }
}
