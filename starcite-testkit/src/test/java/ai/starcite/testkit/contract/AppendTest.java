package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.AppendOptions;
import ai.starcite.AppendResult;
import ai.starcite.NewEvent;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a log decides of single appends, whatever the store. */
@OverMemory
class AppendTest extends AppendFixture {

  @Test
  @DisplayName("APP-2: calls of one thread are decided in call order, blocking or not")
  void callOrder() {
    String id = newSession();
    List<String> expected = new ArrayList<>();
    List<CompletableFuture<?>> futures = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      futures.add(log().appendAsync(id, event("async " + i)));
      futures.add(
          log()
              .appendAllAsync(
                  id, List.of(event("batch " + i), event("and " + i)), AppendOptions.defaults()));
      expected.addAll(List.of("async " + i, "batch " + i, "and " + i));
      if (i % 7 == 0) {
        assertThat(log().append(id, event("block " + i)).seq()).isEqualTo(expected.size() + 1);
        expected.add("block " + i);
      }
    }
    futures.forEach(each -> await(each));
    assertThat(texts(id)).containsExactlyElementsOf(expected);
  }

  @Test
  @DisplayName("APP-5: of many that expect the same seq, one appends")
  void expectedSeqRace() {
    String id = newSession();
    List<CompletableFuture<AppendResult>> futures = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      futures.add(log().appendAsync(id, event("e" + i), expecting(0)));
    }
    assertThat(await(futures.get(0))).isEqualTo(appended(1));
    futures.subList(1, 50).forEach(each -> failure(Code.EXPECTED_SEQ_CONFLICT, each));
    assertThat(texts(id)).containsExactly("e0");
  }

  @Test
  @DisplayName("APP-6: what is invalid is invalid before its session is looked for")
  void validFirst() {
    NewEvent large = sized(2 << 20);
    failure(Code.INVALID, () -> log().append("nowhere", large));
    failure(Code.INVALID, () -> log().appendAsync("nowhere", large));
    failure(Code.INVALID, () -> log().appendAll("nowhere", List.of()));
  }

  @Test
  @DisplayName("APP-6: a session that does not exist is told, whatever else is wrong")
  void sessionBeforeTheRest() {
    failure(Code.SESSION_NOT_FOUND, () -> log().append("nowhere", event("a")));
    failure(Code.SESSION_NOT_FOUND, () -> log().append("nowhere", numbered("p", 3), expecting(9)));
    failure(Code.SESSION_NOT_FOUND, log().appendAsync("nowhere", event("a")));
    failure(Code.SESSION_NOT_FOUND, () -> log().appendAll("nowhere", numbered("p", 1, 2)));
    failure(Code.SESSION_NOT_FOUND, () -> log().producerPosition("nowhere", "p"));
    assertThat(log().append(newSession(), event("a"))).isEqualTo(appended(1));
  }

  @Test
  @DisplayName("APP-6: the producer is judged before the seal, the seal before the expected seq")
  void orderOfChecks() {
    String id = newSession();
    log().append(id, numbered("p", 1));
    log().seal(id);
    assertThat(log().append(id, numbered("p", 1), expecting(9))).isEqualTo(deduped(1, 1));
    failure(Code.PRODUCER_REPLAY_CONFLICT, () -> log().append(id, forged("p", 1), expecting(9)));
    failure(Code.PRODUCER_SEQ_CONFLICT, () -> log().append(id, numbered("p", 3), expecting(9)));
    failure(Code.SESSION_SEALED, () -> log().append(id, numbered("p", 2), expecting(9)));
    failure(Code.SESSION_SEALED, () -> log().append(id, event("a"), expecting(9)));
  }

  @Test
  @DisplayName("APP-8: an event larger than the bound on what waits passes when it is alone")
  void largerThanBound() {
    settings(builder -> builder.maxPendingBytes(1 << 20));
    String id = newSession();
    assertThat(log().append(id, sized(1 << 20))).isEqualTo(appended(1));
    assertThat(await(log().appendAsync(id, sized(1 << 20)))).isEqualTo(appended(2));
  }

  @Test
  @DisplayName("APP-9: an append of an interrupted thread is cancelled, and the flag stays")
  void interrupted() {
    String id = newSession();
    Thread.currentThread().interrupt();
    try {
      failure(Code.CANCELLED, () -> log().append(id, event("a")));
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      Thread.interrupted();
    }
    assertThat(log().append(id, event("b"))).isEqualTo(appended(1));
  }

  @Test
  @DisplayName("APP-9: to cancel what is done changes nothing")
  void cancelledLate() {
    String id = newSession();
    CompletableFuture<AppendResult> future = log().appendAsync(id, event("a"));
    await(future);
    assertThat(future.cancel(true)).isFalse();
    assertThat(future).isCompletedWithValue(appended(1));
    assertThat(texts(id)).containsExactly("a");
  }

  @Test
  @DisplayName("APP-9: cancelled at any moment, an event is written or not, as its future says")
  void cancelledAnyTime() {
    String id = newSession();
    List<CompletableFuture<AppendResult>> futures = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      futures.add(log().appendAsync(id, event("e" + i)));
      if (i % 3 == 0) {
        futures.get(i / 2).cancel(true);
      }
    }
    await("all are done", () -> futures.stream().allMatch(CompletableFuture::isDone));
    List<String> texts = texts(id);
    for (int i = 0; i < futures.size(); i++) {
      Throwable failure = futures.get(i).handle((result, thrown) -> thrown).join();
      Code code = failure == null ? null : ((SessionLogException) failure).code();
      assertThat(code).isIn(null, Code.CANCELLED, Code.OUTCOME_UNKNOWN);
      if (code == null) {
        assertThat(texts).element((int) futures.get(i).join().seq() - 1).isEqualTo("e" + i);
      } else if (code == Code.CANCELLED) {
        assertThat(texts).doesNotContain("e" + i);
      }
    }
  }

  @Test
  @DisplayName("APP-9: an append with a long time-out does not wait for it")
  void longTimeout() {
    String id = newSession();
    AppendOptions patient =
        AppendOptions.defaults().withTimeout(Duration.ofSeconds(Long.MAX_VALUE));
    assertThat(log().append(id, event("a"), patient)).isEqualTo(appended(1));
    assertThat(await(log().appendAsync(id, event("b"), patient))).isEqualTo(appended(2));
  }
}
