package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.AppendOptions;
import ai.starcite.LogObserver;
import ai.starcite.SessionLogException.Code;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What an observer is told of appends that fail. */
class ObserverTest extends FaultFixture {
  private static final Duration BRIEF = Duration.ofMillis(20);

  private final List<Code> failures = new CopyOnWriteArrayList<>();

  @BeforeEach
  void observe() {
    LogObserver observer =
        new LogObserver() {
          @Override
          public void onAppendFailed(String sessionId, Code code) {
            failures.add(code);
          }
        };
    open(
        builder ->
            builder
                .maxPendingBytes(1 << 20)
                .closeTimeout(Duration.ofMillis(200))
                .observer(observer));
  }

  @Test
  @DisplayName("Observer: a sealing that fails is no append")
  void seal() {
    store.next(ScriptedFaults.answering(ScriptedFaults.REJECTED));
    failure(Code.STORE_UNAVAILABLE, () -> log().seal(id));
    assertThat(failures).isEmpty();
    store.next(ScriptedFaults.answering(ScriptedFaults.REJECTED));
    failure(Code.STORE_UNAVAILABLE, () -> log().append(id, event("a")));
    await("the observer is told", () -> failures.equals(List.of(Code.STORE_UNAVAILABLE)));
  }

  @Test
  @DisplayName("Observer: a look at a producer that fails is no append")
  void producerPosition() {
    open(
        builder ->
            builder
                .appendTimeout(BRIEF)
                .observer(
                    new LogObserver() {
                      @Override
                      public void onAppendFailed(String sessionId, Code code) {
                        failures.add(code);
                      }
                    }));
    store.appends.hold();
    log().appendAsync(id, event("a"), AppendOptions.defaults().withTimeout(Duration.ofSeconds(60)));
    failure(Code.STORE_UNAVAILABLE, () -> log().producerPosition(id, "p"));
    assertThat(failures).isEmpty();
  }

  @Test
  @DisplayName("Observer: an append that finds no room in time is one that failed")
  void noRoom() {
    hold(sized(250 << 10));
    AppendOptions brief = AppendOptions.defaults().withTimeout(BRIEF);
    failure(Code.CANCELLED, () -> log().append(id, sized(100 << 10), brief));
    await("the observer is told", () -> failures.equals(List.of(Code.CANCELLED)));
  }

  @Test
  @DisplayName("Observer: an append that the closing log gives up is one that failed")
  void closed() {
    hold(sized(250 << 10));
    FutureTask<?> blocked = new FutureTask<>(() -> log().append(id, sized(100 << 10)));
    Thread thread = new Thread(blocked, "appender");
    thread.start();
    awaitBlocked(thread);
    closeLog();
    failure(Code.CLOSED, blocked);
    assertThat(failures).contains(Code.OUTCOME_UNKNOWN);
  }

  @Test
  @DisplayName("Observer: one that blocks holds up neither appends nor the close")
  void blocks() {
    CountDownLatch forever = new CountDownLatch(1);
    open(
        builder ->
            builder
                .closeTimeout(Duration.ofMillis(100))
                .observer(
                    new LogObserver() {
                      @Override
                      public void onCommitted(
                          String session, int events, int bytes, Duration took) {
                        try {
                          forever.await();
                        } catch (InterruptedException e) {
                          failures.add(Code.CANCELLED);
                        }
                      }
                    }));
    for (int i = 1; i <= 100; i++) {
      assertThat(log().append(id, event("a"))).isEqualTo(appended(i));
    }
    closeLog();
    await("it is interrupted", () -> failures.equals(List.of(Code.CANCELLED)));
  }
}
