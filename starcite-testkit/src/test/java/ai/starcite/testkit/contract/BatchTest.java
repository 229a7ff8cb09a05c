package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.AppendOptions;
import ai.starcite.AppendResult;
import ai.starcite.NewEvent;
import ai.starcite.SessionLogException.Code;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a log decides of batches, whatever the store (APP-3). */
@OverMemory
class BatchTest extends AppendFixture {
  private static final AppendOptions SEAL = AppendOptions.defaults().withSeal();

  private static AppendResult result(long seq, long lastSeq, boolean deduped) {
    return new AppendResult(seq, lastSeq, deduped);
  }

  @Test
  @DisplayName("APP-3: a batch may mix producers, and events without one")
  void mixed() {
    String id = newSession();
    log()
        .appendAll(
            id,
            List.of(numbered("p", 7), event("x"), numbered("q", 1), numbered("p", 8), event("y")));
    assertThat(log().producerPosition(id, "p").orElseThrow().seq()).isEqualTo(4);
    assertThat(log().append(id, numbered("p", 9))).isEqualTo(appended(6));
    assertThat(log().append(id, numbered("q", 2))).isEqualTo(appended(7));
  }

  @Test
  @DisplayName("APP-3: of a batch, known events return their seq, the rest is appended")
  void partlyKnown() {
    String id = newSession();
    log().appendAll(id, numbered("p", 1, 2));
    log().append(id, numbered("q", 1));
    assertThat(
            log()
                .appendAll(
                    id,
                    List.of(
                        numbered("p", 3),
                        numbered("p", 2),
                        event("x"),
                        numbered("q", 1),
                        numbered("q", 2))))
        .containsExactly(
            result(4, 6, false),
            result(2, 6, true),
            result(5, 6, false),
            result(3, 6, true),
            result(6, 6, false));
    assertThat(texts(id)).containsExactly("p1", "p2", "q1", "p3", "x", "q2");
  }

  @Test
  @DisplayName("APP-3: a pair that is twice in a batch is invalid")
  void pairTwice() {
    String id = newSession();
    failure(Code.INVALID, () -> log().appendAll(id, List.of(numbered("p", 1), numbered("p", 1))));
    log().append(id, numbered("p", 1));
    failure(
        Code.INVALID,
        () -> log().appendAll(id, List.of(numbered("p", 1), event("x"), numbered("p", 1))));
    assertThat(texts(id)).containsExactly("p1");
  }

  @Test
  @DisplayName("APP-3: any conflict fails the whole batch")
  void conflict() {
    String id = newSession();
    log().append(id, numbered("p", 1));
    NewEvent good = event("good");
    failure(
        Code.PRODUCER_REPLAY_CONFLICT,
        () -> log().appendAll(id, List.of(good, numbered("p", 2), forged("p", 1))));
    failure(
        Code.PRODUCER_SEQ_CONFLICT,
        () -> log().appendAll(id, List.of(good, numbered("p", 2), numbered("p", 4))));
    failure(
        Code.PRODUCER_SEQ_CONFLICT,
        () -> log().appendAll(id, List.of(good, numbered("p", 3), numbered("p", 2))));
    failure(
        Code.PRODUCER_SEQ_CONFLICT,
        () -> log().appendAll(id, List.of(good, numbered("q", 2), numbered("q", 1))));
    assertThat(texts(id)).containsExactly("p1");
    assertThat(log().producerPosition(id, "q")).isEmpty();
    assertThat(log().append(id, numbered("p", 2))).isEqualTo(appended(2));
  }

  @Test
  @DisplayName("APP-3: an expected seq is for the batch, and judged only if something is new")
  void expectedSeq() {
    String id = newSession();
    assertThat(log().appendAll(id, numbered("p", 1, 3), expecting(0))).hasSize(3);
    assertThat(log().appendAll(id, numbered("p", 1, 3), expecting(0))).allMatch(r -> r.deduped());
    assertThat(
            failure(
                    Code.EXPECTED_SEQ_CONFLICT,
                    () -> log().appendAll(id, numbered("p", 1, 4), expecting(0)))
                .currentSeq())
        .hasValue(3);
    assertThat(log().appendAll(id, numbered("p", 3, 5), expecting(3)))
        .extracting("seq")
        .containsExactly(3L, 4L, 5L);
    assertThat(texts(id)).hasSize(5);
  }

  @Test
  @DisplayName("APP-3, SES-8: a batch that fails does not seal")
  void failedSeal() {
    String id = newSession();
    failure(
        Code.PRODUCER_SEQ_CONFLICT,
        () -> log().appendAll(id, List.of(numbered("p", 1), numbered("p", 3)), SEAL));
    assertThat(log().get(id).sealed()).isFalse();
    assertThat(log().append(id, event("a"))).isEqualTo(appended(1));
  }

  @Test
  @DisplayName("APP-3: a list may be changed once the call has returned")
  void listIsCopied() {
    String id = newSession();
    List<NewEvent> events = new ArrayList<>(List.of(event("a"), event("b")));
    var future = log().appendAllAsync(id, events, AppendOptions.defaults());
    events.clear();
    assertThat(await(future)).hasSize(2);
    assertThat(texts(id)).containsExactly("a", "b");
  }
}
