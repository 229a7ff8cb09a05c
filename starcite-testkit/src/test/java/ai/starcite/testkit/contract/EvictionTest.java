package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.AppendOptions;
import ai.starcite.Tail;
import ai.starcite.spi.ReadOutcome;
import ai.starcite.spi.SegmentStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What happens when sessions take more memory than they may, and what opening them again costs. */
class EvictionTest extends AppendFixture {
  private final TamperedStore store = new TamperedStore();
  private final AtomicLong bytesRead = new AtomicLong();

  @Override
  protected SegmentStore openStore() {
    return store;
  }

  private ReadOutcome count(ReadOutcome outcome) {
    ((ReadOutcome.Segments) outcome)
        .segments()
        .forEach(segment -> bytesRead.addAndGet(segment.length()));
    return outcome;
  }

  @Test
  @DisplayName(
      "TAIL-3, APP-9: tails that take all the memory there is for sessions keep nobody out")
  void moreTailsThanMemory() {
    settings(builder -> builder.sessionCacheBytes(1 << 20));
    List<Tail> tails = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      tails.add(log().tail(newSession(), 0));
    }
    String another = newSession();
    AppendOptions briefly = AppendOptions.defaults().withTimeout(Duration.ofSeconds(30));
    assertThat(log().append(another, numbered("p", 1), briefly)).isEqualTo(appended(1));
    assertThat(await(log().appendAsync(another, numbered("p", 2)))).isEqualTo(appended(2));
    assertThat(log().producerPosition(another, "p").orElseThrow().producerSeq()).isEqualTo(2);
    assertThat(log().seal(another).sealed()).isTrue();
    tails.forEach(Tail::close);
  }

  @Test
  @DisplayName("APP-9: thousands of sessions that become idle together are closed together")
  void manyAtOnce() {
    AtomicInteger evicted = evictSoon();
    List<Tail> tails = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      tails.add(log().tail(newSession(), 0));
    }
    tails.forEach(Tail::close);
    String another = newSession();
    // The log looks again for idle sessions when a while has passed since it found none.
    await(
        "thousands of sessions are closed",
        () -> {
          log().append(another, event("x"));
          return evicted.get() > 3_000;
        });
  }

  @Test
  @DisplayName("APP-4: a session of few large events is opened without reading them all")
  void largeEventsAreNotReplayed() {
    String id = newSession();
    for (int i = 1; i <= 200; i++) {
      log().append(id, sized(200 << 10).withProducer("p", i));
    }
    store.onRead(read -> read.thenApply(this::count));
    reopen();
    assertThat(log().append(id, event("x").withProducer("p", 201)).seq()).isEqualTo(201);
    assertThat(bytesRead.get()).as("bytes that opening has read").isLessThan(4L << 20);
  }
}
