package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.AppendOptions;
import ai.starcite.AppendResult;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.SessionLogException.Code;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The bounds on what waits to be stored: 1 MiB here, 256 KiB of it for one session. */
class BackpressureTest extends FaultFixture {
  private static final int KIB = 1 << 10;

  /** What a pending event counts beside its bytes. */
  private static final int OVERHEAD = 256;

  private final List<FutureTask<AppendResult>> tasks = new ArrayList<>();

  @BeforeEach
  void narrow() {
    open(builder -> builder.maxPendingBytes(1024 * KIB));
    store.appends.hold();
  }

  private CompletableFuture<AppendResult> sendTo(String session, int kib) {
    return log().appendAsync(session, sized(kib * KIB - OVERHEAD));
  }

  /** Starts a blocking append, and waits until it waits. */
  private Thread blocked(String session, int kib) {
    FutureTask<AppendResult> task =
        new FutureTask<>(() -> log().append(session, sized(kib * KIB - OVERHEAD)));
    tasks.add(task);
    Thread thread = new Thread(task, "appender");
    thread.start();
    awaitBlocked(thread);
    return thread;
  }

  /** Fills 800 KiB of the log, by four sessions. */
  private void fillMost() {
    for (int i = 0; i < 4; i++) {
      assertUnanswered(sendTo(newSession(), 200));
    }
  }

  @Test
  @DisplayName("APP-8: one session may hold a quarter")
  void quarter() {
    for (int i = 0; i < 8; i++) {
      assertUnanswered(sendTo(id, 32));
    }
    failure(Code.BACKPRESSURE, sendTo(id, 1));
    failure(
        Code.BACKPRESSURE,
        log().appendAllAsync(id, List.of(event("a"), event("b")), AppendOptions.defaults()));
    assertUnanswered(sendTo(newSession(), 32));
  }

  @Test
  @DisplayName("APP-8: all sessions together may hold the whole")
  void whole() {
    for (int i = 0; i < 32; i++) {
      assertUnanswered(sendTo(newSession(), 32));
    }
    String other = newSession();
    failure(Code.BACKPRESSURE, sendTo(other, 1));
    store.appends.next().pass();
    assertUnanswered(sendTo(other, 1));
  }

  @Test
  @DisplayName("APP-8: what is stored makes room")
  void room() {
    var first = sendTo(id, 250);
    failure(Code.BACKPRESSURE, sendTo(id, 10));
    store.heal();
    await(first);
    assertThat(await(sendTo(id, 250))).isEqualTo(appended(2));
  }

  @Test
  @DisplayName("APP-8: what was turned away is not written")
  void turnedAway() {
    sendTo(id, 250);
    failure(Code.BACKPRESSURE, log().appendAsync(id, sized(10 * KIB).withProducer("p", 1)));
    store.heal();
    assertThat(log().append(id, numbered("p", 1))).isEqualTo(appended(2));
  }

  @Test
  @DisplayName("APP-8: a blocking append waits for room, then goes on")
  void blocks() {
    sendTo(id, 250);
    blocked(id, 100);
    assertThat(store.sent()).hasSize(1);
    store.heal();
    assertThat(await(tasks.get(0)).seq()).isEqualTo(2);
  }

  @Test
  @DisplayName("APP-8: a blocking append waits for room until its time-out, and writes nothing")
  void blocksUntilTimeout() {
    sendTo(id, 250);
    AppendOptions brief = AppendOptions.defaults().withTimeout(Duration.ofMillis(20));
    failure(Code.CANCELLED, () -> log().append(id, sized(100 * KIB), brief));
    store.heal();
    assertThat(log().append(id, event("a"))).isEqualTo(appended(2));
  }

  @Test
  @DisplayName("APP-9: a blocking append that waits for room can be interrupted")
  void blocksUntilInterrupt() {
    sendTo(id, 250);
    blocked(id, 100).interrupt();
    failure(Code.CANCELLED, tasks.get(0));
    store.heal();
    assertThat(log().append(id, event("a"))).isEqualTo(appended(2));
  }

  @Test
  @DisplayName("APP-8: a session that is full does not turn away the events of others")
  void fullSessionAlone() {
    sendTo(id, 250);
    blocked(id, 100);
    assertUnanswered(sendTo(newSession(), 10));
  }

  @Test
  @DisplayName("APP-8: a session that is full does not hold up the blocking appends of others")
  void fullSessionAloneBlocking() {
    sendTo(id, 250);
    blocked(id, 100);
    blocked(newSession(), 10);
    await("the other's event reaches the store", () -> store.sent().size() == 2);
  }

  @Test
  @DisplayName("APP-9: one that waits for much room and gives up lets those behind it pass")
  void givesUp() {
    fillMost();
    Thread large = blocked(newSession(), 250);
    blocked(newSession(), 100);
    assertThat(store.sent()).hasSize(4);
    large.interrupt();
    failure(Code.CANCELLED, tasks.get(0));
    await("the one behind it reaches the store", () -> store.sent().size() == 5);
  }

  @Test
  @DisplayName("APP-8: what is larger than the bound passes when it is alone")
  void largerThanBound() {
    store.heal();
    List<NewEvent> batch = List.of(sized(900 * KIB), sized(900 * KIB));
    assertThat(log().appendAll(id, batch)).extracting("seq").containsExactly(1L, 2L);
    assertThat(await(sendTo(id, 900))).isEqualTo(appended(3));
  }

  @Test
  @DisplayName("APP-8: the smallest events are bounded too, by the memory that they take")
  void tinyEvents() {
    NewEvent tiny = NewEvent.of("t", Json.parse("{}"));
    int accepted = 0;
    // An append under way takes 64 bytes at the very least, so that these would be 256 KiB.
    while (accepted <= 256 * KIB / 64 && !log().appendAsync(id, tiny).isDone()) {
      accepted++;
    }
    assertThat(accepted).isLessThanOrEqualTo(256 * KIB / 64);
  }

  @Test
  @DisplayName("APP-8: many blocking writers on little room all get through")
  void manyWriters() {
    store.heal();
    List<FutureTask<Integer>> writers = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      String session = i % 4 == 0 ? newSession() : id;
      writers.add(
          new FutureTask<>(
              () -> {
                for (int each = 0; each < 30; each++) {
                  log().append(session, sized(100 * KIB));
                }
                return 30;
              }));
    }
    writers.forEach(each -> new Thread(each, "writer").start());
    writers.forEach(each -> assertThat(await(each)).isEqualTo(30));
    assertThat(log().get(id).lastSeq()).isEqualTo(12 * 30);
  }

  @Test
  @DisplayName("APP-4: a retry that finds no room does not bar its producer")
  void retryTurnedAway() {
    store.heal();
    log().append(id, numbered("p", 1));
    log().append(id, numbered("p", 2));
    store.appends.hold();
    sendTo(id, 256);
    failure(Code.BACKPRESSURE, log().appendAsync(id, numbered("p", 2)));
    store.heal();
    assertThat(log().append(id, numbered("p", 3)).deduped()).isFalse();
  }
}
