package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.AppendOptions;
import ai.starcite.AppendResult;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Threads that stream events through one {@link Producer}, blocking or not, cancel some, and send
 * what failed again, in groups of another shape (APP-10).
 */
@OverMemory
class ProducerAsyncStormTest extends StoreFixture {
  private static final int THREADS = 4;
  private static final int EVENTS = 200;

  /** A thread that takes more rounds has something against it. */
  private static final int MOST_ROUNDS = 4_000;

  private static final Set<Code> RETRIED =
      EnumSet.of(Code.OUTCOME_UNKNOWN, Code.CANCELLED, Code.BACKPRESSURE, Code.STORE_UNAVAILABLE);

  /** Some events that were sent together. */
  private record Sent(List<NewEvent> events, CompletableFuture<List<AppendResult>> results) {}

  @Test
  @DisplayName(
      "APP-10: what is streamed through one producer is stored once, in the order of the calls")
  void storm() {
    Tries.forEachSeed(1, this::storm);
  }

  private void storm(long seed) {
    Faults faults =
        Faults.none()
            .withSeed(seed)
            .with(0.05, Kind.LOST_WRITE, Kind.LOST_ANSWER, Kind.LATE_WRITE, Kind.DOUBLE_WRITE)
            .with(0.2, Kind.DELAYED_ANSWER);
    String session = "stream-" + seed;
    try (SessionLog log =
        SessionLog.builder(new FaultInjectingStore(openStore(), faults))
            .closesStore(outlivesClose())
            .open()) {
      log.create(NewSession.ofId(session));
      Producer producer = log.producer(session, "p");
      List<Integer> rounds = AtOnce.run(THREADS, thread -> stream(producer, thread, seed));
      assertThat(rounds).hasSize(THREADS);
      List<String> stored = new ArrayList<>();
      try (Tail tail = log.tail(session, TailOptions.from(0).withoutFollowing())) {
        for (Event event : tail) {
          assertThat(event.producerSeq()).as("numbers without gaps").hasValue(event.seq());
          stored.add(event.type());
        }
      }
      List<String> sent = new ArrayList<>();
      for (int i = 0; i < THREADS * EVENTS; i++) {
        sent.add(name(i % THREADS, i / THREADS));
      }
      assertThat(stored).as("every event, once").containsExactlyInAnyOrderElementsOf(sent);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError(e.getMessage(), e);
    }
  }

  private static String name(int thread, int number) {
    return "t" + thread + "-" + number;
  }

  /** Streams the events of a thread until all are stored; returns how many rounds it took. */
  private static int stream(Producer producer, int thread, long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed * THREADS + thread);
    Deque<NewEvent> left = new ArrayDeque<>();
    for (int i = 0; i < EVENTS; i++) {
      left.add(NewEvent.of(name(thread, i), Json.parse("{}")));
    }
    int round = 0;
    while (!left.isEmpty()) {
      assertThat(round++).as("rounds, with %d events left", left.size()).isLessThan(MOST_ROUNDS);
      List<Sent> stream = send(producer, new ArrayDeque<>(left), random);
      long last = 0;
      for (Sent each : stream) {
        SessionLogException failure = failure(each.results);
        if (failure != null) {
          assertThat(failure.code()).as("the code of: %s", failure.getMessage()).isIn(RETRIED);
          continue;
        }
        for (AppendResult result : each.results.join()) {
          if (!result.deduped()) {
            assertThat(result.seq()).as("the order of the calls").isGreaterThan(last);
            last = result.seq();
          }
        }
        left.removeAll(each.events);
      }
    }
    return round;
  }

  /** Sends some events, those at the front first, and gives some up. */
  private static List<Sent> send(Producer producer, Deque<NewEvent> left, SplittableRandom random) {
    List<Sent> stream = new ArrayList<>();
    for (int groups = 1 + random.nextInt(12); groups > 0 && !left.isEmpty(); groups--) {
      List<NewEvent> events = new ArrayList<>();
      for (int i = random.nextInt(4) == 0 ? 3 : 1; i > 0 && !left.isEmpty(); i--) {
        events.add(left.remove());
      }
      boolean blocks = random.nextInt(15) == 0;
      stream.add(blocks ? block(producer, events, random) : stream(producer, events, random));
      if (random.nextInt(30) == 0) {
        stream.get(random.nextInt(stream.size())).results.cancel(false);
      }
    }
    return stream;
  }

  private static Sent block(Producer producer, List<NewEvent> events, SplittableRandom random) {
    try {
      List<AppendResult> results = producer.appendAll(events, options(random));
      return new Sent(events, CompletableFuture.completedFuture(results));
    } catch (SessionLogException e) {
      return new Sent(events, CompletableFuture.failedFuture(e));
    }
  }

  private static Sent stream(Producer producer, List<NewEvent> events, SplittableRandom random) {
    return new Sent(events, producer.appendAllAsync(events, options(random)));
  }

  private static AppendOptions options(SplittableRandom random) {
    return random.nextInt(25) == 0
        ? AppendOptions.defaults().withTimeout(Duration.ofMillis(1))
        : AppendOptions.defaults();
  }

  private static SessionLogException failure(CompletableFuture<?> future) throws Exception {
    try {
      return future
          .handle((result, failure) -> (SessionLogException) failure)
          .get(60, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("a future stays open", e);
    }
  }
}
