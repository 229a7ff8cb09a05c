package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.AppendOptions;
import ai.starcite.NewEvent;
import ai.starcite.Producer;
import ai.starcite.SessionLogException;
import ai.starcite.testkit.history.Tries;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Threads that share one {@link Producer}, and retry what failed in whatever company (APP-10). */
@OverMemory
class ProducerStormTest extends ProducerStorm {
  private static final int EVENTS = 150;

  /** An event that takes longer has something against it. */
  private static final int MOST_ATTEMPTS = 2_000;

  @Test
  @DisplayName("APP-10: what threads append through one producer, and retry, is stored once")
  void storm() {
    Tries.forEachSeed(
        1, seed -> storm(seed, EVENTS, (producer, thread) -> appendAll(producer, thread, seed)));
  }

  /** Appends the events of a thread, those at the front first, some of them in batches. */
  private static void appendAll(Producer producer, int thread, long seed) {
    SplittableRandom random = new SplittableRandom(seed * THREADS + thread);
    Deque<NewEvent> left = events(thread, EVENTS);
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
