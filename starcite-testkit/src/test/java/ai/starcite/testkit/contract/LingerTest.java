package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.spi.AppendOutcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A store that wants fewer segments: the log lingers, but for nobody who waits. */
class LingerTest extends FaultFixture {
  private static final Duration LONG = Duration.ofHours(1);

  @BeforeEach
  void openLingering() {
    linger(LONG);
  }

  private void linger(Duration duration) {
    store.linger(duration);
    open(settings -> settings);
  }

  private List<Integer> sizes() {
    return store.sent().stream().map(segment -> segment.count()).toList();
  }

  @Test
  @DisplayName("the first event after a pause is sent at once, those behind it linger together")
  void lingers() {
    var first = send(event("a"));
    var rest = Stream.of("b", "c", "d").map(text -> send(event(text))).toList();
    assertThat(await(first).seq()).isEqualTo(1);
    rest.forEach(each -> assertUnanswered(each));
    assertThat(sizes()).containsExactly(1);
    log().append(id, event("e"));
    rest.forEach(each -> assertThat(each).isDone());
    assertThat(sizes()).as("with one that a thread waits for").containsExactly(1, 4);
    assertThat(texts(id)).containsExactly("a", "b", "c", "d", "e");
  }

  @Test
  @DisplayName("what lingers is sent when the time is over")
  void endsByItself() {
    linger(Duration.ofMillis(1));
    for (int i = 1; i <= 20; i++) {
      var some = List.of(send(event("a" + i)), send(event("b" + i)));
      some.forEach(each -> await(each));
    }
    assertThat(texts(id)).hasSize(40);
  }

  @Test
  @DisplayName("how long is asked for each time, so that a store can change it")
  void changes() {
    var first = send(event("a"));
    assertThat(await(first).seq()).isEqualTo(1);
    store.linger(Duration.ZERO);
    assertThat(await(send(event("b"))).seq()).isEqualTo(2);
    store.linger(LONG);
    var lingering = send(event("c"));
    assertUnanswered(lingering);
    log().append(id, event("d"));
    assertThat(lingering).isDone();
    assertThat(sizes()).containsExactly(1, 1, 2);
  }

  @Test
  @DisplayName("a full segment does not linger")
  void full() {
    send(event("a"));
    String large = "x".repeat(800_000);
    var some = Stream.of("b", "c").map(text -> send(event(text + large))).toList();
    assertThat(sizes()).containsExactly(1);
    var last = send(event("d" + large));
    some.forEach(each -> await(each));
    assertUnanswered(last);
    assertThat(sizes()).containsExactly(1, 2);
  }

  @Test
  @DisplayName("who was beaten to a seq does not linger")
  void loser() {
    store.next(append -> CompletableFuture.completedFuture(new AppendOutcome.Conflict(2)));
    assertThat(await(send(event("a"))).seq()).isEqualTo(1);
    assertThat(sizes()).as("sent twice, without a pause").containsExactly(1, 1);
  }

  @Test
  @DisplayName("what lingers when the log is closed is sent at once")
  void closed() {
    send(event("a"));
    var lingering = send(event("b"));
    assertUnanswered(lingering);
    closeLog();
    assertThat(lingering.join().seq()).isEqualTo(2);
    assertThat(sizes()).containsExactly(1, 1);
  }
}
