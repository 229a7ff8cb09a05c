package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.spi.AppendOutcome;
import ai.starcite.testkit.contract.Calls.Call;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A close that comes while answers are on their way to the executor. */
class CloseHandoverTest extends FaultFixture {
  @Test
  @DisplayName("ERR-3: a close waits for answers that the executor does not take any more")
  void refusedByTheExecutor() throws Exception {
    AtomicReference<Thread> closing = new AtomicReference<>();
    open(
        builder ->
            builder.executor(
                task -> {
                  // As a pool does that the close ends; it has to wait, or is over by now.
                  while (!closing.get().getState().toString().matches(".*WAITING|TERMINATED")) {
                    Thread.onSpinWait();
                  }
                  throw new RejectedExecutionException("over");
                }));
    Call<AppendOutcome> write = hold(event("a"));
    CompletableFuture<?> behind = send(event("b"));
    FutureTask<Boolean> close =
        new FutureTask<>(
            () -> {
              log().close();
              return behind.isDone();
            });
    Thread closer = new Thread(close, "closer");
    closing.set(closer);
    closer.start();
    awaitBlocked(closer);
    store.appends.release();
    write.pass();
    assertThat(close.get()).as("answered when the log was closed").isTrue();
  }

  @Test
  @DisplayName("ERR-3: a close in a callback that runs at once does not wait for itself")
  void inACallback() {
    Call<AppendOutcome> write = hold(event("a"));
    CompletableFuture<Boolean> closed = send(event("b")).thenApply(result -> closeNow());
    store.appends.release();
    write.pass();
    assertThat(await(closed)).isTrue();
  }

  private boolean closeNow() {
    log().close();
    return true;
  }
}
