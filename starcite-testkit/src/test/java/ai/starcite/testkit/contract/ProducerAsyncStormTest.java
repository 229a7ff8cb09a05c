package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.AppendOptions;
import ai.starcite.AppendResult;
import ai.starcite.NewEvent;
import ai.starcite.Producer;
import ai.starcite.SessionLogException;
import ai.starcite.testkit.history.Tries;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
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
class ProducerAsyncStormTest extends ProducerStorm {
  private static final int EVENTS = 200;

  /** A thread that takes more rounds has something against it. */
  private static final int MOST_ROUNDS = 4_000;

  /** Some events that were sent together. */
  private record Sent(List<NewEvent> events, CompletableFuture<List<AppendResult>> results) {}

  @Test
  @DisplayName(
      "APP-10: what is streamed through one producer is stored once, in the order of the calls")
  void storm() {
    Tries.forEachSeed(
        1, seed -> storm(seed, EVENTS, (producer, thread) -> stream(producer, thread, seed)));
  }

  /** Streams the events of a thread until all are stored. */
  private static void stream(Producer producer, int thread, long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed * THREADS + thread);
    Deque<NewEvent> left = events(thread, EVENTS);
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
