package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.AppendResult;
import ai.starcite.NewSession;
import ai.starcite.Producer;
import ai.starcite.SessionLog;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.Tail;
import ai.starcite.TailOptions;
import ai.starcite.store.memory.MemorySegmentStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls with little stack left, a frame more each time: each is made, or changes nothing. */
class StackOverflowTest {
  private static final int DEPTHS = 400;
  private static final int ROUNDS = 10;

  private enum Call {
    APPEND,
    ASYNC,
    CANCEL,
    PRODUCER,
    PRODUCER_ASYNC,
    CREATE,
    TAIL
  }

  private final List<CompletableFuture<AppendResult>> futures = new ArrayList<>();
  private final AtomicReference<Throwable> strange = new AtomicReference<>();
  private SessionLog log;
  private Producer producer;
  private int left;

  @ParameterizedTest
  @EnumSource
  @DisplayName("APP-7, APP-9: where the stack overflows nothing is left half done")
  void everyDepth(Call call) throws Exception {
    try (SessionLog opened =
        SessionLog.builder(MemorySegmentStore.open()).appendTimeout(Duration.ofSeconds(5)).open()) {
      log = opened;
      log.create(NewSession.ofId("s"));
      producer = log.producer("s", "p");
      // Classes whose initialization overflows are lost for the whole JVM.
      for (Call each : Call.values()) {
        make(each);
      }
      for (int round = 0; round < ROUNDS; round++) {
        left = DEPTHS;
        Thread deep = new Thread(null, () -> dive(call), "deep", 200_000 + 16L * round);
        deep.start();
        deep.join();
        assertThat(strange.get()).isNull();
        everythingWorks();
      }
    }
  }

  private void dive(Call call) {
    try {
      dive(call);
    } catch (StackOverflowError e) {
      // As deep as it gets: from here on there is more room each time.
    }
    if (left > 0) {
      left--;
      try {
        make(call);
      } catch (StackOverflowError e) {
        // Before the log was reached.
      } catch (SessionLogException e) {
        if (e.code() != Code.STORE_UNAVAILABLE) {
          strange.set(e);
        }
      }
    }
  }

  private void make(Call call) {
    switch (call) {
      case APPEND -> log.append("s", LogFixture.event("a"));
      case ASYNC -> futures.add(log.appendAsync("s", LogFixture.event("a")));
      case CANCEL -> {
        CompletableFuture<AppendResult> future = log.appendAsync("s", LogFixture.event("a"));
        futures.add(future);
        future.cancel(true);
      }
      case PRODUCER -> producer.append(LogFixture.event("p" + left));
      case PRODUCER_ASYNC -> futures.add(producer.appendAsync(LogFixture.event("p" + left)));
      case CREATE -> log.create(NewSession.defaults());
      case TAIL -> {
        try (Tail tail = log.tail("s", TailOptions.from(0).withoutFollowing())) {
          tail.poll(1, Duration.ZERO);
        }
      }
    }
  }

  private void everythingWorks() throws Exception {
    AppendResult first = log.append("s", LogFixture.event("works"));
    AppendResult next = log.appendAsync("s", LogFixture.event("works")).get(10, TimeUnit.SECONDS);
    assertThat(next.seq()).isEqualTo(first.seq() + 1);
    assertThat(producer.append(LogFixture.event("works")).seq()).isEqualTo(first.seq() + 2);
    for (CompletableFuture<AppendResult> future : futures) {
      future.handle((result, failure) -> null).get(10, TimeUnit.SECONDS);
    }
    futures.clear();
  }
}
