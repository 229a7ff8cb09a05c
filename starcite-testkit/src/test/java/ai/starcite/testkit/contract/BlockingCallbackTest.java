package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.starcite.AppendOptions;
import ai.starcite.AppendResult;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Callbacks that block threads of the log must not stop the log. */
class BlockingCallbackTest extends FaultFixture {
  @BeforeEach
  void ownThreads() {
    closeLog();
    settings(builder -> builder.closeTimeout(Duration.ofMillis(300)));
    id = newSession();
  }

  @Test
  @DisplayName("APP-9: callbacks may wait for further appends, however many do so at once")
  void joinInCallback() throws Exception {
    List<CompletableFuture<AppendResult>> chains = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      chains.add(
          log()
              .appendAsync(id, event("a"))
              .thenApply(first -> log().appendAsync(id, event("b")).join()));
    }
    for (CompletableFuture<AppendResult> chain : chains) {
      chain.get(30, TimeUnit.SECONDS);
    }
    assertThat(texts(id)).hasSize(1_000);
  }

  @Test
  @DisplayName("APP-9: callbacks may wait for other callbacks")
  void joinDerivedInCallback() throws Exception {
    List<CompletableFuture<Long>> chains = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      chains.add(
          log()
              .appendAsync(id, event("a"))
              .thenApply(
                  first -> log().appendAsync(id, event("b")).thenApply(AppendResult::seq).join()));
    }
    for (CompletableFuture<Long> chain : chains) {
      chain.get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  @DisplayName("APP-9: time-outs, other sessions and blocking appends go on beside stuck callbacks")
  void othersGoOn() throws Exception {
    CountDownLatch forever = new CountDownLatch(1);
    // Held, since what hangs on a future that is complete runs on this thread.
    store.appends.hold();
    try {
      for (int i = 0; i < 50; i++) {
        log().appendAsync(id, event("a")).thenRun(() -> awaitUninterruptibly(forever));
      }
      store.heal();
      assertThat(log().append(id, event("b")).seq()).isEqualTo(51);
      String other = newSession();
      CompletableFuture<AppendResult> free = log().appendAsync(other, event("c"));
      assertThat(free.thenApply(AppendResult::seq).get(30, TimeUnit.SECONDS)).isEqualTo(1);
      store.appends.hold();
      CompletableFuture<AppendResult> late =
          log()
              .appendAsync(
                  other, event("d"), AppendOptions.defaults().withTimeout(Duration.ofMillis(50)));
      failure(Code.OUTCOME_UNKNOWN, late);
    } finally {
      forever.countDown();
      store.heal();
    }
  }

  @Test
  @DisplayName("ERR-3: a close completes what waits for stuck callbacks, and interrupts these")
  void closes() throws Exception {
    CountDownLatch forever = new CountDownLatch(1);
    AtomicReference<Throwable> interrupted = new AtomicReference<>();
    List<CompletableFuture<?>> futures = new ArrayList<>();
    store.appends.hold();
    for (int i = 0; i < 400; i++) {
      futures.add(
          log()
              .appendAsync(id, event("a"))
              .thenRun(
                  () -> {
                    try {
                      forever.await();
                    } catch (InterruptedException e) {
                      interrupted.set(e);
                    }
                  }));
    }
    store.heal();
    closeLog();
    await("stuck callbacks are interrupted", () -> interrupted.get() != null);
    forever.countDown();
    for (CompletableFuture<?> future : futures) {
      future.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  @DisplayName("APP-9: a future that is ended by its own time-out withdraws the append")
  void orTimeout() {
    store.appends.hold();
    log().appendAsync(id, event("in flight"));
    CompletableFuture<AppendResult> queued =
        log().appendAsync(id, event("queued")).orTimeout(20, TimeUnit.MILLISECONDS);
    assertThatThrownBy(queued::join).hasCauseInstanceOf(TimeoutException.class);
    store.heal();
    log().append(id, event("last"));
    assertThat(texts(id)).containsExactly("in flight", "last");
  }

  @Test
  @DisplayName("APP-9: a future can be waited for with a time, and interrupted")
  void waits() throws Exception {
    store.appends.hold();
    CompletableFuture<AppendResult> future = log().appendAsync(id, event("a"));
    assertThatThrownBy(() -> future.get(10, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
    Thread.currentThread().interrupt();
    assertThatThrownBy(future::get).isInstanceOf(InterruptedException.class);
    store.heal();
    assertThat(future.get().seq()).isEqualTo(1);
    assertThat(future).isCompletedWithValue(new AppendResult(1, 1, false));
    store.appends.hold();
    CompletableFuture<AppendResult> closed = log().appendAsync(id, event("b"));
    closeLog();
    assertThatThrownBy(closed::join).hasCauseInstanceOf(SessionLogException.class);
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    boolean open = false;
    while (!open) {
      try {
        latch.await();
        open = true;
      } catch (InterruptedException e) {
        // Rude, as a callback may be.
      }
    }
  }
}
