package ai.starcite.internal.append;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.AppendResult;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the future of an append keeps alive. */
class AppendFutureTest {
  private static final AppendResult RESULT = new AppendResult(1, 1, false);

  private static AppendFuture<AppendResult> future() {
    return new AppendFuture<>(results -> results.get(0));
  }

  /** Has a future refer to an op with an event, as the appender does. */
  private static WeakReference<NewEvent> bind(AppendFuture<AppendResult> future) {
    NewEvent event = NewEvent.of("content", Json.parse("{\"text\":\"large\"}"));
    AppendCall op = new AppendCall(List.of(event), -1, false, null, 0, future);
    future.onCancel(op::wake);
    return new WeakReference<>(event);
  }

  private static void assertLetsGo(Consumer<AppendFuture<AppendResult>> ending) {
    AppendFuture<AppendResult> future = future();
    WeakReference<NewEvent> event = bind(future);
    ending.accept(future);
    for (int i = 0; i < 100 && event.get() != null; i++) {
      System.gc();
    }
    assertThat(event.get()).as("kept by %s", future).isNull();
  }

  @Test
  @DisplayName("APP-8: a future that is kept does not keep the event that was appended")
  void succeed_letsGo() {
    assertLetsGo(
        future -> {
          future.ended(List.of(RESULT));
          future.deliver();
        });
  }

  @Test
  @DisplayName("APP-8: a future that failed and is kept does not keep its event")
  void fail_letsGo() {
    assertLetsGo(future -> future.fail(new SessionLogException(Code.CLOSED, "closed")));
  }

  @Test
  @DisplayName("APP-9: cancelling a future whose time is over elsewhere still withdraws its append")
  void cancel_afterOwnTimeout() {
    AppendFuture<AppendResult> future = future();
    boolean[] withdrawn = new boolean[1];
    future.onCancel(() -> withdrawn[0] = true);

    future.completeExceptionally(new java.util.concurrent.TimeoutException());

    assertThat(withdrawn[0]).isTrue();
    assertThat(future.cancel(true)).isFalse();
    assertThat(withdrawn[0]).isTrue();
  }
}
