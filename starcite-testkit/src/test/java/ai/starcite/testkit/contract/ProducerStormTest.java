package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.AppendOptions;
import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.Producer;
import ai.starcite.SessionLog;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.Tail;
import ai.starcite.TailOptions;
import ai.starcite.testkit.FaultInjectingStore;
import ai.starcite.testkit.Faults;
import ai.starcite.testkit.Faults.Kind;
import ai.starcite.testkit.history.Tries;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Threads that share one {@link Producer}, and retry what failed in whatever company (APP-10). */
@OverMemory
class ProducerStormTest extends StoreFixture {
  private static final int THREADS = 4;
  private static final int EVENTS = 150;

  /** An event that takes longer has something against it. */
  private static final int MOST_ATTEMPTS = 2_000;

  private static final Set<Code> RETRIED =
      EnumSet.of(Code.OUTCOME_UNKNOWN, Code.CANCELLED, Code.BACKPRESSURE, Code.STORE_UNAVAILABLE);

  @Test
  @DisplayName("APP-10: what threads append through one producer, and retry, is stored once")
  void storm() {
    Tries.forEachSeed(1, this::storm);
  }

  private void storm(long seed) {
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
      List<Void> done = AtOnce.run(THREADS, thread -> appendAll(producer, thread, seed));
      assertThat(done).hasSize(THREADS);
      List<String> stored = new ArrayList<>();
      try (Tail tail = log.tail(session, TailOptions.from(0).withoutFollowing())) {
        for (Event event : tail) {
          stored.add(event.type());
        }
      }
      assertThat(stored).as("what is stored").doesNotHaveDuplicates();
      assertThat(stored).as("how many events, all acknowledged").hasSize(THREADS * EVENTS);
      for (int thread = 0; thread < THREADS; thread++) {
        for (int i = 0; i < EVENTS; i++) {
          assertThat(stored).as("an event that was acknowledged").contains(name(thread, i));
        }
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError(e.getMessage(), e);
    }
  }

  private static String name(int thread, int number) {
    return "t" + thread + "-" + number;
  }

  /** Appends the events of a thread, those at the front first, some of them in batches. */
  private static Void appendAll(Producer producer, int thread, long seed) {
    SplittableRandom random = new SplittableRandom(seed * THREADS + thread);
    Deque<NewEvent> left = new ArrayDeque<>();
    for (int i = 0; i < EVENTS; i++) {
      left.add(NewEvent.of(name(thread, i), Json.parse("{}")));
    }
    String last = "";
    for (int attempt = 0; !left.isEmpty(); attempt++) {
      assertThat(attempt)
          .as("attempts, with %d events left; the last one failed with: %s", left.size(), last)
          .isLessThan(MOST_ATTEMPTS);
      // What failed comes again alone, cut off, or with what follows it.
      int count = random.nextInt(3) > 0 ? 1 : 1 + random.nextInt(Math.min(4, left.size()));
      List<NewEvent> some = left.stream().limit(count).toList();
      try {
        if (random.nextInt(20) == 0) {
          Thread.currentThread().interrupt();
        }
        append(producer, some, options(random));
        some.forEach(each -> left.remove());
      } catch (SessionLogException e) {
        assertThat(e.code()).as("the code of: %s", e.getMessage()).isIn(RETRIED);
        last = e.getMessage();
      } finally {
        Thread.interrupted();
      }
    }
    return null;
  }

  private static void append(Producer producer, List<NewEvent> events, AppendOptions options) {
    if (events.size() == 1) {
      producer.append(events.get(0), options);
    } else {
      producer.appendAll(events, options);
    }
  }

  private static AppendOptions options(SplittableRandom random) {
    return random.nextInt(5) == 0
        ? AppendOptions.defaults().withTimeout(Duration.ofMillis(1))
        : AppendOptions.defaults();
  }
}
