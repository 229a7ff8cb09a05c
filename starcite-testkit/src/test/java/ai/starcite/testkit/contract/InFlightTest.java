package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.AppendOptions;
import ai.starcite.SessionLogException.Code;
import ai.starcite.Tail;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is answered, and when, while an event is not durable yet. */
class InFlightTest extends FaultFixture {

  @Test
  @DisplayName("APP-1: nobody hears of an event before it is durable")
  void durableBeforeAcknowledged() {
    store.appends.hold();
    try (Tail tail = log().tail(id, 0)) {
      var first = send(event("a"));
      var write = store.appends.next();
      assertUnanswered(first);
      assertThat(tail.poll(Duration.ZERO)).isEmpty();
      assertThat(log().get(id).lastSeq()).isEqualTo(0);
      write.apply();
      assertUnanswered(first);
      assertThat(tail.poll(Duration.ZERO)).isEmpty();
      write.pass();
      assertThat(await(first)).isEqualTo(appended(1));
      assertThat(tail.poll(Duration.ZERO)).map(InFlightTest::text).contains("a");
    }
  }

  @Test
  @DisplayName("APP-1: what arrives during a write goes with the next one, in order")
  void groupCommit() {
    var write = hold(event("a"));
    var b = send(event("b"));
    var c = log().appendAllAsync(id, numbered("p", 1, 2), AppendOptions.defaults());
    var d = send(event("d"));
    assertThat(store.appends.isEmpty()).isTrue();
    write.pass();
    var second = store.appends.next();
    assertUnanswered(b, c, d);
    second.pass();
    assertThat(await(b).seq()).isEqualTo(2);
    assertThat(await(c)).extracting("seq").containsExactly(3L, 4L);
    assertThat(await(d)).isEqualTo(appended(5));
    assertThat(store.sent()).hasSize(2);
    assertThat(texts(id)).containsExactly("a", "b", "p1", "p2", "d");
  }

  @Test
  @DisplayName("APP-4.3: a retry of an event in flight is answered when that is durable")
  void dedupeWaits() {
    var write = hold(numbered("p", 1));
    var retry = send(numbered("p", 1));
    assertUnanswered(retry);
    write.pass();
    assertThat(await(retry)).isEqualTo(deduped(1, 1));
    assertThat(texts(id)).containsExactly("p1");
  }

  @Test
  @DisplayName(
      "APP-4.4: a replay conflict with an event in flight is answered when that is durable")
  void replayConflictWaits() {
    var write = hold(numbered("p", 1));
    var forged = send(forged("p", 1));
    assertUnanswered(forged);
    write.pass();
    assertThat(failure(Code.PRODUCER_REPLAY_CONFLICT, forged).currentSeq()).hasValue(1);
  }

  @Test
  @DisplayName("APP-4.5: a gap behind an event in flight is answered when that is durable")
  void gapWaits() {
    var write = hold(numbered("p", 1));
    var gap = send(numbered("p", 3));
    assertUnanswered(gap);
    write.pass();
    assertThat(failure(Code.PRODUCER_SEQ_CONFLICT, gap).expectedProducerSeq()).hasValue(2);
  }

  @Test
  @DisplayName("APP-4: what rests on an event that fails is judged again, and never slips past it")
  void judgedAgain() {
    var write = hold(numbered("p", 1));
    var retry = send(numbered("p", 1));
    var forged = send(forged("p", 1));
    var gap = send(numbered("p", 3));
    write.answer(ScriptedFaults.REJECTED);
    failure(Code.STORE_UNAVAILABLE, retry);
    failure(Code.STORE_UNAVAILABLE, forged);
    failure(Code.STORE_UNAVAILABLE, gap);
    store.heal();
    assertThat(log().producerPosition(id, "p")).isEmpty();
    assertThat(await(send(forged("p", 1)))).isEqualTo(appended(1));
  }

  @Test
  @DisplayName(
      "APP-5: a conflict that rests on an event in flight is answered when that is durable")
  void expectedSeqConflictWaits() {
    var write = hold(event("a"));
    var late = send(event("b"), expecting(0));
    assertUnanswered(late);
    write.pass();
    assertThat(failure(Code.EXPECTED_SEQ_CONFLICT, late).currentSeq()).hasValue(1);
  }

  @Test
  @DisplayName("APP-5: no conflict cites an event that is rejected then")
  void expectedSeqJudgedAgain() {
    var write = hold(event("a"));
    var first = send(event("b"), expecting(0));
    var second = send(event("c"), expecting(1));
    var third = send(event("d"), expecting(2));
    write.answer(ScriptedFaults.REJECTED);
    store.heal();
    assertThat(await(first).seq()).isEqualTo(1);
    assertThat(await(second).seq()).isEqualTo(2);
    assertThat(await(third).seq()).isEqualTo(3);
    assertThat(texts(id)).containsExactly("b", "c", "d");
  }

  @Test
  @DisplayName(
      "APP-5: an expected seq that only a rejected event would have fulfilled is a conflict")
  void expectedSeqUnfulfilled() {
    var write = hold(event("a"));
    var second = send(event("b"), expecting(1));
    write.answer(ScriptedFaults.REJECTED);
    assertThat(failure(Code.EXPECTED_SEQ_CONFLICT, second).currentSeq()).hasValue(0);
    store.heal();
    assertThat(texts(id)).isEmpty();
  }

  @Test
  @DisplayName("APP-6: a seal in flight refuses only once it is durable")
  void sealWaits() {
    store.appends.hold();
    var last = send(event("a"), AppendOptions.defaults().withSeal());
    var write = store.appends.next();
    var late = send(event("b"));
    assertUnanswered(late);
    write.pass();
    await(last);
    failure(Code.SESSION_SEALED, late);
  }

  @Test
  @DisplayName("APP-6: a seal that is rejected refuses nothing")
  void sealRejected() {
    store.appends.hold();
    var last = send(event("a"), AppendOptions.defaults().withSeal());
    var write = store.appends.next();
    var next = send(event("b"));
    write.answer(ScriptedFaults.REJECTED);
    failure(Code.STORE_UNAVAILABLE, last);
    store.heal();
    assertThat(await(next)).isEqualTo(appended(1));
    assertThat(log().get(id).sealed()).isFalse();
  }

  @Test
  @DisplayName("APP-4: too many producers, because of one in flight, is judged again if that fails")
  void tooManyProducersJudgedAgain() {
    open(builder -> builder.maxProducers(1));
    var write = hold(numbered("p", 1));
    var other = send(numbered("q", 1));
    assertUnanswered(other);
    write.answer(ScriptedFaults.REJECTED);
    store.appends.next().pass();
    assertThat(await(other)).isEqualTo(appended(1));
    store.heal();
    failure(Code.TOO_MANY_PRODUCERS, send(numbered("p", 1)));
  }
}
