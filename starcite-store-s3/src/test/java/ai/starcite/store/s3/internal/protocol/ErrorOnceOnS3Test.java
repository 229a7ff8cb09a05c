package ai.starcite.store.s3.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.AppendResult;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.SessionLog;
import ai.starcite.SessionLogException;
import ai.starcite.SessionQuery;
import ai.starcite.Tail;
import ai.starcite.TailOptions;
import ai.starcite.store.s3.MemoryObjects;
import ai.starcite.store.s3.NoHints;
import ai.starcite.store.s3.Stores;
import ai.starcite.store.s3.internal.client.ObjectClient;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The k-th request or scheduled task throws an Error, once, for every k that a scenario reaches:
 * afterwards everything works, and nothing hangs.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ErrorOnceOnS3Test {
  private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(1);
  private final AtomicInteger calls = new AtomicInteger();
  private volatile int failing;

  @AfterEach
  void end() {
    scheduler.shutdownNow();
  }

  @SuppressWarnings("unchecked")
  private <T> T failing(Class<T> type, T inner, boolean answered) {
    return (T)
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              boolean counts =
                  !method.getName().equals("close") && method.getDeclaringClass() != Object.class;
              if (counts && calls.incrementAndGet() == failing) {
                Error error = new OutOfMemoryError("injected into " + method.getName());
                if (answered && method.getReturnType() == CompletionStage.class) {
                  return CompletableFuture.failedFuture(error);
                }
                throw error;
              }
              try {
                return method.invoke(inner, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @DisplayName("APP-9, ERR-3: an error in any one request or task is undone")
  void everyCall(boolean answered) throws Exception {
    int k = 0;
    do {
      k++;
      calls.set(0);
      failing = k;
      try {
        scenario(answered);
      } catch (Throwable e) {
        throw new AssertionError("with an error in call " + k, e);
      }
    } while (calls.get() >= k);
    assertThat(k).as("calls of the scenario").isGreaterThan(30);
  }

  private void scenario(boolean answered) throws Exception {
    MemoryObjects objects = new MemoryObjects();
    Environment usual = Stores.environment();
    Environment environment =
        new Environment(
            failing(ScheduledExecutorService.class, scheduler, answered),
            usual.random(),
            usual.nanoTime());
    List<CompletableFuture<?>> futures = new ArrayList<>();
    int reached = failing;
    try (SessionLog log =
        SessionLog.builder(
                Stores.over(
                    failing(ObjectClient.class, objects.client(), answered),
                    S3Settings.DEFAULT,
                    new ProtocolFactory(),
                    environment,
                    new NoHints()))
            .appendTimeout(Duration.ofSeconds(10))
            .closeTimeout(Duration.ofSeconds(5))
            .open()) {
      use(log, futures);
      failing = 0;
      everythingWorks(log);
    }
    failing = reached;
    for (CompletableFuture<?> future : futures) {
      future.handle((result, failure) -> null).get(10, TimeUnit.SECONDS);
    }
  }

  private static NewEvent event(String type) {
    return NewEvent.of(type, Json.parse("{}"));
  }

  private static void use(SessionLog log, List<CompletableFuture<?>> futures) {
    attempt(() -> log.create(NewSession.ofId("s")));
    attempt(() -> log.append("s", event("a")));
    attempt(() -> futures.add(log.appendAsync("s", event("b").withProducer("p", 1))));
    attempt(() -> futures.add(log.appendAsync("s", event("c").withProducer("p", 2))));
    attempt(
        () -> {
          try (Tail tail = log.tail("s", TailOptions.from(0).withoutFollowing())) {
            tail.forEachRemaining(event -> {});
          }
        });
    attempt(() -> log.producerPosition("s", "p"));
    attempt(() -> log.create(NewSession.ofId("other")));
    attempt(() -> log.append("other", event("x")));
    attempt(() -> log.seal("other"));
    attempt(() -> log.delete("other"));
    attempt(() -> log.list(SessionQuery.active()));
  }

  private static void attempt(Runnable call) {
    try {
      call.run();
    } catch (SessionLogException e) {
      assertThat(e.code()).isNotNull();
    }
  }

  private static void everythingWorks(SessionLog log) throws Exception {
    log.createIfAbsent(NewSession.ofId("s"));
    AppendResult first = log.append("s", event("works"));
    AppendResult next = log.appendAsync("s", event("works")).get(10, TimeUnit.SECONDS);
    assertThat(next.seq()).isEqualTo(first.seq() + 1);
    try (Tail tail = log.tail("s", TailOptions.from(0).withoutFollowing())) {
      long seq = 0;
      while (tail.hasNext()) {
        assertThat(tail.next().seq()).isEqualTo(++seq);
      }
      assertThat(seq).isEqualTo(next.seq());
    }
    assertThat(log.createIfAbsent(NewSession.ofId("new")).isNew()).isTrue();
    log.delete("new");
  }
}
