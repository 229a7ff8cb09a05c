package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.AppendOptions;
import ai.starcite.AppendResult;
import ai.starcite.NewSession;
import ai.starcite.SessionLog;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.Tail;
import ai.starcite.TailOptions;
import ai.starcite.spi.SegmentStore;
import ai.starcite.store.memory.MemorySegmentStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The k-th call of a store, an executor or a scheduler throws an Error, once, for every k that a
 * scenario gets to: afterwards everything works, and nothing is left open.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ErrorOnceTest {
  private static final int BUDGET = 1 << 20;

  /** How an error reaches the log. */
  private enum How {
    /** Thrown by the call, which has done nothing. */
    BEFORE,
    /** Thrown by the call, which has done what it was asked for. */
    AFTER,
    /** What the answer of a store is completed with. */
    ANSWERED
  }

  private final AtomicInteger calls = new AtomicInteger();
  private int failing;
  private How how = How.BEFORE;

  @SuppressWarnings("unchecked")
  private <T> T failing(Class<T> type, T inner) {
    return (T)
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              boolean counts =
                  !method.getName().equals("capabilities")
                      && !method.getName().equals("close")
                      && !method.getName().startsWith("is")
                      && method.getDeclaringClass() != Object.class;
              boolean fails = counts && calls.incrementAndGet() == failing;
              Error error = new OutOfMemoryError("injected into " + method.getName());
              if (fails && how == How.BEFORE) {
                throw error;
              }
              if (fails && how == How.ANSWERED && method.getReturnType() == CompletionStage.class) {
                return CompletableFuture.failedFuture(error);
              }
              Object answer;
              try {
                answer = method.invoke(inner, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
              if (fails && how == How.AFTER) {
                throw error;
              }
              return answer;
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "BEFORE false",
        "BEFORE true",
        "AFTER false",
        "AFTER true",
        "ANSWERED false",
        "ANSWERED true"
      })
  @DisplayName("APP-9, ERR-3: an error thrown by any one call is undone")
  void everyCall(String kind) throws Exception {
    how = How.valueOf(kind.split(" ")[0]);
    boolean shared = kind.endsWith("true");
    int k = 0;
    do {
      k++;
      calls.set(0);
      failing = k;
      try {
        scenario(shared);
      } catch (Throwable e) {
        throw new AssertionError("with an error in call %d, %s".formatted(k, kind), e);
      }
    } while (calls.get() >= failing);
    assertThat(k).as("calls of the scenario").isGreaterThan(20);
  }

  private void scenario(boolean shared) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(1);
    MemorySegmentStore inner = shared ? MemorySegmentStore.openShared() : MemorySegmentStore.open();
    List<CompletableFuture<?>> futures = new ArrayList<>();
    try (SessionLog log =
        SessionLog.builder(failing(SegmentStore.class, inner))
            .executor(failing(Executor.class, threads))
            .scheduler(failing(ScheduledExecutorService.class, scheduler))
            .maxPendingBytes(BUDGET)
            .appendTimeout(Duration.ofSeconds(5))
            .closeTimeout(Duration.ofSeconds(5))
            .open()) {
      use(log, futures);
      int reached = failing;
      failing = 0;
      everythingWorks(log);
      failing = reached;
    } finally {
      threads.shutdown();
      scheduler.shutdownNow();
    }
    for (CompletableFuture<?> future : futures) {
      future.handle((result, failure) -> null).get(10, TimeUnit.SECONDS);
    }
    assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
  }

  private void use(SessionLog log, List<CompletableFuture<?>> futures) {
    attempt(() -> log.create(NewSession.ofId("s")));
    attempt(() -> log.createIfAbsent(NewSession.ofId("s")));
    attempt(() -> log.append("s", LogFixture.event("a")));
    for (int i = 1; i <= 3; i++) {
      long number = i;
      attempt(
          () ->
              futures.add(
                  log.appendAsync(
                      "s",
                      LogFixture.event("b" + number).withProducer("p", number),
                      AppendOptions.defaults().withTimeout(Duration.ofSeconds(2)))));
    }
    attempt(() -> log.subscribe("s", TailOptions.from(0), event -> {}, Runnable::run));
    attempt(
        () -> {
          try (Tail tail = log.tail("s", TailOptions.from(0).withoutFollowing())) {
            tail.forEachRemaining(event -> {});
          }
        });
    attempt(() -> log.appendAll("s", List.of(LogFixture.event("c"), LogFixture.event("d"))));
    attempt(() -> log.producerPosition("s", "p"));
    attempt(() -> log.create(NewSession.ofId("other")));
    attempt(() -> futures.add(log.appendAsync("other", LogFixture.event("x"))));
    attempt(() -> log.seal("other"));
    attempt(() -> log.delete("other"));
    attempt(() -> log.list(ai.starcite.SessionQuery.active()));
  }

  private static void attempt(Runnable call) {
    try {
      call.run();
    } catch (SessionLogException e) {
      assertThat(e.code())
          .isIn(
              Code.STORE_UNAVAILABLE,
              Code.OUTCOME_UNKNOWN,
              Code.SESSION_NOT_FOUND,
              Code.SESSION_EXISTS,
              Code.SESSION_SEALED);
    }
  }

  private static void everythingWorks(SessionLog log) throws Exception {
    log.createIfAbsent(NewSession.ofId("s"));
    AppendResult first = log.append("s", LogFixture.event("works"));
    AppendResult next = log.appendAsync("s", LogFixture.event("works")).get(10, TimeUnit.SECONDS);
    assertThat(next.seq()).isEqualTo(first.seq() + 1);
    CompletableFuture<String> derived =
        log.appendAsync("s", LogFixture.event("works")).thenApply(result -> "done");
    assertThat(derived.get(10, TimeUnit.SECONDS)).isEqualTo("done");
    try (Tail tail = log.tail("s", TailOptions.from(0).withoutFollowing())) {
      long seq = 0;
      while (tail.hasNext()) {
        assertThat(tail.next().seq()).isEqualTo(++seq);
      }
      assertThat(seq).isEqualTo(next.seq() + 1);
    }
    // Nothing of the room for pending events has leaked.
    log.append("s", AppendFixture.sized(BUDGET / 4 - 1_000));
  }
}
