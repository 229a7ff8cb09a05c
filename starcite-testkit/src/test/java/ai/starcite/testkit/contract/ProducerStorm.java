package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.Producer;
import ai.starcite.SessionLog;
import ai.starcite.SessionLogException.Code;
import ai.starcite.Tail;
import ai.starcite.TailOptions;
import ai.starcite.testkit.FaultInjectingStore;
import ai.starcite.testkit.Faults;
import ai.starcite.testkit.Faults.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Threads that share one {@link Producer} over a store with faults (APP-10). */
abstract class ProducerStorm extends StoreFixture {
  static final int THREADS = 4;
  static final Set<Code> RETRIED =
      EnumSet.of(Code.OUTCOME_UNKNOWN, Code.CANCELLED, Code.BACKPRESSURE, Code.STORE_UNAVAILABLE);

  /** Appends what one of the threads has to. */
  interface Writer {
    void write(Producer producer, int thread) throws Exception;
  }

  /** Runs the threads, and checks that each event of each is stored once, with its number. */
  final void storm(long seed, int events, Writer writer) {
    Faults faults =
        Faults.none()
            .withSeed(seed)
            .with(0.05, Kind.LOST_WRITE, Kind.LOST_ANSWER, Kind.LATE_WRITE, Kind.DOUBLE_WRITE)
            .with(0.2, Kind.DELAYED_ANSWER);
    String session = "storm-" + seed;
    try (SessionLog log =
        SessionLog.builder(new FaultInjectingStore(openStore(), faults))
            .closesStore(outlivesClose())
            .open()) {
      log.create(NewSession.ofId(session));
      Producer producer = log.producer(session, "p");
      AtOnce.run(
          THREADS,
          thread -> {
            writer.write(producer, thread);
            return null;
          });
      List<String> stored = new ArrayList<>();
      try (Tail tail = log.tail(session, TailOptions.from(0).withoutFollowing())) {
        for (Event event : tail) {
          assertThat(event.producerSeq()).as("numbers without gaps").hasValue(event.seq());
          stored.add(event.type());
        }
      }
      List<String> sent = new ArrayList<>();
      for (int i = 0; i < THREADS * events; i++) {
        sent.add(name(i % THREADS, i / THREADS));
      }
      assertThat(stored).as("every event, once").containsExactlyInAnyOrderElementsOf(sent);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError(e.getMessage(), e);
    }
  }

  /** Returns the events that a thread has to append. */
  static Deque<NewEvent> events(int thread, int count) {
    Deque<NewEvent> events = new ArrayDeque<>();
    for (int i = 0; i < count; i++) {
      events.add(NewEvent.of(name(thread, i), Json.parse("{}")));
    }
    return events;
  }

  private static String name(int thread, int number) {
    return "t" + thread + "-" + number;
  }
}
