package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.AppendResult;
import ai.starcite.NewSession;
import ai.starcite.SessionLog;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.Tail;
import ai.starcite.TailOptions;
import ai.starcite.spi.ReadOutcome;
import ai.starcite.spi.SegmentStore;
import ai.starcite.store.memory.MemorySegmentStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Stores and executors that do what their interfaces hardly allow. */
class StrangeHelpersTest {
  /** A stage that can do nothing, as one of a library of its own might for a moment. */
  private static final class BareStage extends CompletableFuture<ReadOutcome> {
    @Override
    public CompletableFuture<ReadOutcome> toCompletableFuture() {
      throw new UnsupportedOperationException("toCompletableFuture");
    }

    @Override
    public <U> CompletableFuture<U> thenApply(Function<? super ReadOutcome, ? extends U> fn) {
      throw new UnsupportedOperationException("thenApply");
    }
  }

  private static SegmentStore withBareReads(SegmentStore store, AtomicInteger bare) {
    return (SegmentStore)
        Proxy.newProxyInstance(
            SegmentStore.class.getClassLoader(),
            new Class<?>[] {SegmentStore.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("read") && bare.getAndDecrement() > 0) {
                return new BareStage();
              }
              try {
                Object answer = method.invoke(store, arguments);
                return method.getName().equals("load")
                    ? CompletableFuture.supplyAsync(() -> ((CompletionStage<?>) answer))
                        .thenCompose(stage -> stage)
                    : answer;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Test
  @DisplayName("APP-7: a stage of the store that throws fails one call, not the session")
  void bareStages() {
    MemorySegmentStore memory = MemorySegmentStore.open();
    AtomicInteger bare = new AtomicInteger();
    SegmentStore strange = withBareReads(memory, bare);
    for (int round = 0; round < 2; round++) {
      try (SessionLog log =
          SessionLog.builder(strange).closesStore(false).pageCacheBytes(1 << 20).open()) {
        log.createIfAbsent(NewSession.ofId("s"));
        if (round == 0) {
          log.append("s", LogFixture.event("a"));
        }
        // First while the session is opened, then while a page is read.
        for (int i = 0; i < 2; i++) {
          bare.set(1);
          try {
            assertThat(seqs(log)).containsExactly(1L);
          } catch (SessionLogException e) {
            assertThat(e.code()).isEqualTo(Code.STORE_UNAVAILABLE);
          }
          assertThat(seqs(log)).containsExactly(1L);
        }
      }
    }
  }

  private static List<Long> seqs(SessionLog log) {
    List<Long> seqs = new ArrayList<>();
    try (Tail tail = log.tail("s", TailOptions.from(0).withoutFollowing())) {
      tail.forEachRemaining(read -> seqs.add(read.seq()));
    }
    return seqs;
  }

  @Test
  @DisplayName("ERR-3: a close completes the futures that an executor has dropped")
  void droppedTasks() throws Exception {
    ThreadPoolExecutor dropping =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            new ThreadPoolExecutor.DiscardPolicy());
    List<CompletableFuture<AppendResult>> futures = new ArrayList<>();
    try (SessionLog log =
        SessionLog.builder(MemorySegmentStore.open())
            .executor(dropping)
            .closeTimeout(Duration.ofSeconds(5))
            .open()) {
      log.create(NewSession.ofId("s"));
      futures.add(log.appendAsync("s", LogFixture.event("a")));
      futures.get(0).thenApply(AppendResult::seq).get(10, TimeUnit.SECONDS);
      dropping.shutdownNow();
      futures.add(log.appendAsync("s", LogFixture.event("b")));
    }
    for (CompletableFuture<AppendResult> future : futures) {
      CompletableFuture<Long> derived = future.thenApply(AppendResult::seq);
      assertThat(derived.get(10, TimeUnit.SECONDS)).isPositive();
    }
  }
}
