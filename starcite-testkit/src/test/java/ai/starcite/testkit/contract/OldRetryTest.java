package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.AppendOptions;
import ai.starcite.NewEvent;
import ai.starcite.SessionLogException.Code;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Retries whose event is no more in memory, and must be read from the log. */
class OldRetryTest extends FaultFixture {

  /** An event at seq 1, and more of its producer than the log keeps at hand, from 3 on. */
  private void writeHistory() {
    log().append(id, numbered("p", 1));
    log().append(id, event("between"));
    log().appendAll(id, numbered("p", 2, 1_200));
  }

  @Test
  @DisplayName("APP-4.3: while an old event is read, those behind wait in order")
  void orderKept() {
    writeHistory();
    store.reads.hold();
    var retry = send(numbered("p", 1));
    var forged = send(forged("p", 2));
    var next = send(numbered("p", 1_201));
    assertUnanswered(retry, forged, next);
    store.heal();
    assertThat(await(retry)).isEqualTo(deduped(1, 1_201));
    assertThat(failure(Code.PRODUCER_REPLAY_CONFLICT, forged).currentSeq()).hasValue(3);
    failure(Code.PRODUCER_REPLAY_CONFLICT, next);
  }

  @Test
  @DisplayName("APP-4.3: while an old event is read, others go on")
  void othersGoOn() {
    writeHistory();
    store.reads.hold();
    var retry = send(numbered("p", 1));
    var again = send(numbered("p", 2));
    assertThat(log().append(id, event("other"))).isEqualTo(appended(1_202));
    assertThat(log().append(id, numbered("q", 1))).isEqualTo(appended(1_203));
    assertUnanswered(retry, again);
    store.heal();
    assertThat(await(retry)).isEqualTo(deduped(1, 1_203));
    assertThat(await(again)).isEqualTo(deduped(3, 1_203));
  }

  @Test
  @DisplayName("APP-4.3: an old event that was found once is not looked for again")
  void keepsWhatWasFound() {
    writeHistory();
    assertThat(log().append(id, numbered("p", 1))).isEqualTo(deduped(1, 1_201));
    store.reads.hold();
    assertThat(log().append(id, numbered("p", 1))).isEqualTo(deduped(1, 1_201));
    store.heal();
  }

  @Test
  @DisplayName("APP-9: a retry that is looked for can be withdrawn, and ends with the log")
  void ends() {
    writeHistory();
    store.reads.hold();
    var late = send(numbered("p", 1), AppendOptions.defaults().withTimeout(Duration.ofMillis(20)));
    failure(Code.CANCELLED, late);
    var closed = send(numbered("p", 2));
    closeLog();
    failure(Code.CLOSED, closed);
    store.heal();
  }

  @Test
  @DisplayName("APP-4.3: a batch of old events is found, wherever they are")
  void batch() {
    writeHistory();
    store.reading(segments -> segments.subList(0, 1));
    List<NewEvent> batch = new ArrayList<>(numbered("p", 1, 3));
    batch.addAll(numbered("p", 1_200, 1_202));
    assertThat(log().appendAll(id, batch))
        .extracting("seq")
        .containsExactly(1L, 3L, 4L, 1_201L, 1_202L, 1_203L);
  }

  @Test
  @DisplayName("APP-4.3: the log looks for an old event in however many reads")
  void manyReads() {
    log().append(id, numbered("p", 1));
    for (int i = 0; i < 5_000; i++) {
      log().append(id, event("between"));
    }
    log().appendAll(id, numbered("p", 2, 1_200));
    store.reading(segments -> segments.subList(0, 1));
    assertThat(log().append(id, numbered("p", 2))).isEqualTo(deduped(5_002, 6_200));
  }

  @Test
  @DisplayName("ERR-2: a retry whose event is damaged is told so, and nothing is made up")
  void damaged() {
    writeHistory();
    String sound = newSession();
    reopen();
    await("the session is open", () -> log().producerPosition(id, "p").isPresent());
    store.reading(ScriptedFaults.corrupting(1));
    failure(Code.CORRUPT, () -> log().append(id, numbered("p", 1)));
    failure(Code.CORRUPT, () -> log().append(id, forged("p", 1)));
    assertThat(log().append(id, numbered("p", 1_201))).isEqualTo(appended(1_202));
    assertThat(log().append(sound, event("a"))).isEqualTo(appended(1));
    store.heal();
    assertThat(log().append(id, numbered("p", 1))).isEqualTo(deduped(1, 1_202));
  }

  @Test
  @DisplayName("APP-7: a store that cannot read fails the retry, and can be asked again")
  void unreadable() {
    writeHistory();
    store.reads.hold();
    var retry = send(numbered("p", 1));
    store.reads.next().fail(ScriptedFaults.CAUSE);
    assertThat(failure(Code.STORE_UNAVAILABLE, retry)).hasRootCause(ScriptedFaults.CAUSE);
    store.heal();
    assertThat(await(send(numbered("p", 1)))).isEqualTo(deduped(1, 1_201));
  }

  @Test
  @DisplayName("APP-7: a read that is answered with nothing is a failure, and no deletion")
  void readAnsweredWithNull() {
    writeHistory();
    store.reads.hold();
    var retry = send(numbered("p", 1));
    store.reads.next().answer(null);
    failure(Code.STORE_UNAVAILABLE, retry);
    store.heal();
    assertThat(await(send(numbered("p", 1)))).isEqualTo(deduped(1, 1_201));
  }

  @Test
  @DisplayName("APP-4: a session whose state cannot be read takes nothing until it can")
  void unreadableState() {
    writeHistory();
    reopen();
    store.reading(ScriptedFaults.corrupting(2));
    failure(Code.CORRUPT, () -> log().append(id, numbered("p", 1_201)));
    failure(Code.CORRUPT, () -> log().append(id, event("a")));
    store.heal();
    assertThat(log().append(id, numbered("p", 1_201))).isEqualTo(appended(1_202));
  }
}
