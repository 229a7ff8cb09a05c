package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.AppendOptions;
import ai.starcite.AppendResult;
import ai.starcite.Producer;
import ai.starcite.SessionLogException.Code;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Appends of a producer that wait for one of the same producer. */
class ProducerWaitTest extends FaultFixture {
  private static final AppendOptions LONG =
      AppendOptions.defaults().withTimeout(Duration.ofSeconds(60));

  private Producer producer;
  private FutureTask<AppendResult> first;

  /** Has an append of the producer wait for the store. */
  @BeforeEach
  void occupy() {
    open(builder -> builder.appendTimeout(Duration.ofMillis(500)));
    producer = log().producer(id, "p");
    store.appends.hold();
    first = start(() -> producer.append(event("a"), LONG));
    await("the first one is in flight", () -> !store.appends.isEmpty());
  }

  private void goesOn() {
    store.heal();
    assertThat(await(first)).isEqualTo(appended(1));
    assertThat(producer.append(event("b"))).isEqualTo(appended(2));
  }

  @Test
  @DisplayName("APP-9: an append that waits for another of its producer heeds its time-out")
  void timeout() {
    AppendOptions brief = AppendOptions.defaults().withTimeout(Duration.ofMillis(20));
    failure(Code.CANCELLED, start(() -> producer.append(event("b"), brief)));
    goesOn();
  }

  @Test
  @DisplayName("APP-9: an append that waits for another of its producer heeds the log's time-out")
  void defaultTimeout() {
    failure(Code.CANCELLED, start(() -> producer.append(event("b"))));
    goesOn();
  }

  @Test
  @DisplayName("APP-9: an append that waits for another of its producer can be interrupted")
  void interrupt() {
    AtomicBoolean flag = new AtomicBoolean();
    FutureTask<AppendResult> second =
        new FutureTask<>(
            () -> {
              try {
                return producer.append(event("b"), LONG);
              } finally {
                flag.set(Thread.interrupted());
              }
            });
    Thread thread = new Thread(second, "second");
    thread.setDaemon(true);
    thread.start();
    await(
        "the second one waits",
        () ->
            thread.getState() == Thread.State.WAITING
                || thread.getState() == Thread.State.TIMED_WAITING);
    thread.interrupt();
    failure(Code.CANCELLED, second);
    assertThat(flag).isTrue();
    goesOn();
  }
}
