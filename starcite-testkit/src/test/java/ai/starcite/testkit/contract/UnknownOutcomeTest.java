package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.AppendOptions;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.spi.AppendOutcome;
import ai.starcite.spi.Segment;
import ai.starcite.testkit.contract.ScriptedStore.Fault;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Writes whose outcome the store does not tell. */
class UnknownOutcomeTest extends FaultFixture {

  static Stream<Named<Fault>> faults() {
    return Stream.of(
        Named.of("indefinite, not written", ScriptedFaults.answering(ScriptedFaults.INDEFINITE)),
        Named.of(
            "indefinite, written", ScriptedFaults.writingAndAnswering(ScriptedFaults.INDEFINITE)),
        Named.of("thrown from the method", ScriptedFaults.throwing()),
        Named.of("null instead of a stage", ScriptedFaults.returningNull()),
        Named.of("failed stage, not written", ScriptedFaults.failing()),
        Named.of("failed stage, written", ScriptedFaults.writingAndFailing()),
        Named.of("null instead of an outcome", ScriptedFaults.answering(null)));
  }

  @ParameterizedTest
  @MethodSource("faults")
  @DisplayName("APP-7: a write without an answer is sent again as it was, until there is one")
  void sentAgain(Fault fault) {
    store.next(fault, fault, fault);
    assertThat(log().append(id, event("a"))).isEqualTo(appended(1));
    assertThat(log().append(id, event("b"))).isEqualTo(appended(2));
    assertThat(texts(id)).containsExactly("a", "b");
    List<Segment> sent = store.sent();
    assertThat(sent).hasSize(5);
    assertThat(sent.subList(1, 4)).allSatisfy(each -> assertThat(each).isEqualTo(sent.get(0)));
  }

  @ParameterizedTest
  @MethodSource("faults")
  @DisplayName("APP-7: the log resolves an unknown write before it writes the next one")
  void resolvesFirst(Fault fault) {
    store.appends.hold();
    store.next(fault);
    var unknown =
        send(numbered("p", 1), AppendOptions.defaults().withTimeout(Duration.ofMillis(20)));
    var next = send(event("b"));
    assertThat(failure(Code.OUTCOME_UNKNOWN, unknown).isDefinite()).isFalse();
    var retry = send(numbered("p", 1));
    var again = store.appends.next();
    assertUnanswered(next, retry);
    assertThat(store.sent()).hasSize(2).extracting(Segment::token).containsOnly(token(0));
    again.pass();
    store.heal();
    assertThat(await(next).seq()).isEqualTo(2);
    assertThat(await(retry)).isEqualTo(deduped(1, 2));
    assertThat(texts(id)).containsExactly("p1", "b");
  }

  private UUID token(int index) {
    return store.sent().get(index).token();
  }

  @Test
  @DisplayName("APP-7: a rejection says nothing of the attempt before it, whose outcome is unknown")
  void rejectedRepetition() {
    store.next(
        ScriptedFaults.writingAndAnswering(ScriptedFaults.INDEFINITE),
        ScriptedFaults.answering(ScriptedFaults.REJECTED));
    assertThat(log().append(id, event("a"))).isEqualTo(appended(1));
    assertThat(texts(id)).containsExactly("a");
  }

  @Test
  @DisplayName("APP-7: a conflict with its own event is recognised by the token")
  void conflictWithItself() {
    store.next(
        ScriptedFaults.writingAndAnswering(ScriptedFaults.INDEFINITE),
        ScriptedFaults.answering(new AppendOutcome.Conflict(2)));
    assertThat(log().append(id, event("a"))).isEqualTo(appended(1));
    assertThat(log().append(id, event("b"))).isEqualTo(appended(2));
    assertThat(texts(id)).containsExactly("a", "b");
  }

  @Test
  @DisplayName("APP-7: a session that it sealed itself is recognised by the token")
  void sealedByItself() {
    store.next(
        ScriptedFaults.writingAndAnswering(ScriptedFaults.INDEFINITE),
        ScriptedFaults.answering(new AppendOutcome.Sealed()));
    assertThat(log().append(id, event("a"), AppendOptions.defaults().withSeal()))
        .isEqualTo(appended(1));
    assertThat(log().get(id).sealed()).isTrue();
  }

  @Test
  @DisplayName("APP-7: a sealing without events that sealed the session itself is recognised too")
  void emptySealByItself() {
    log().append(id, event("a"));
    store.next(
        ScriptedFaults.writingAndAnswering(ScriptedFaults.INDEFINITE),
        ScriptedFaults.answering(new AppendOutcome.Sealed()));
    assertThat(log().seal(id).sealed()).isTrue();
  }

  @Test
  @DisplayName("APP-7: where the token cannot be read, the log asks again")
  void tokenUnreadable() {
    store.next(
        ScriptedFaults.writingAndAnswering(ScriptedFaults.INDEFINITE),
        ScriptedFaults.answering(new AppendOutcome.Conflict(2)));
    store.reads.hold();
    var sent = send(event("a"));
    store.reads.next().fail(ScriptedFaults.CAUSE);
    store.heal();
    assertThat(await(sent)).isEqualTo(appended(1));
    assertThat(texts(id)).containsExactly("a");
  }

  @Test
  @DisplayName(
      "APP-2: an attempt that reaches the store late, after its repetition, changes nothing")
  void lateApplication() {
    store.appends.hold();
    var sent = send(event("a"));
    var late = store.appends.next();
    late.answer(ScriptedFaults.INDEFINITE);
    store.appends.next().pass();
    assertThat(await(sent)).isEqualTo(appended(1));
    late.apply();
    store.heal();
    assertThat(log().append(id, event("b"))).isEqualTo(appended(2));
    late.apply();
    assertThat(log().append(id, event("c"))).isEqualTo(appended(3));
    assertThat(texts(id)).containsExactly("a", "b", "c");
  }

  @Test
  @DisplayName("APP-7: a conflict although the place is free is tried again, and loses nothing")
  void conflictOnce() {
    store.next(ScriptedFaults.answering(new AppendOutcome.Conflict(1)));
    assertThat(log().append(id, event("a"))).isEqualTo(appended(1));
    assertThat(texts(id)).containsExactly("a");
  }

  @Test
  @DisplayName("APP-7: a store that calls every place taken fails the append definitely")
  void conflictForEver() {
    Fault conflict = ScriptedFaults.answering(new AppendOutcome.Conflict(9));
    store.next(Stream.generate(() -> conflict).limit(100).toArray(Fault[]::new));
    SessionLogException failure =
        failure(Code.STORE_UNAVAILABLE, () -> log().append(id, numbered("p", 1)));
    assertThat(failure.isDefinite()).isTrue();
    store.heal();
    assertThat(log().append(id, numbered("p", 1))).isEqualTo(appended(1));
  }

  @Test
  @DisplayName("APP-10: after an unknown outcome the same event is the retry")
  void producerRetries() {
    store.appends.hold();
    var producer = log().producer(id, "p");
    AppendOptions brief = AppendOptions.defaults().withTimeout(Duration.ofMillis(20));
    failure(Code.OUTCOME_UNKNOWN, () -> producer.append(event("a"), brief));
    assertThat(producer.nextProducerSeq()).isEqualTo(1);
    store.heal();
    assertThat(producer.append(event("a"))).isEqualTo(deduped(1, 1));
    assertThat(producer.append(event("b"))).isEqualTo(appended(2));
    assertThat(texts(id)).containsExactly("a", "b");
  }

  @Test
  @DisplayName("APP-10: after an unknown outcome another event takes the next number")
  void producerGoesOn() {
    store.appends.hold();
    var producer = log().producer(id, "p");
    AppendOptions brief = AppendOptions.defaults().withTimeout(Duration.ofMillis(20));
    failure(Code.OUTCOME_UNKNOWN, () -> producer.append(event("a"), brief));
    store.heal();
    assertThat(producer.append(event("b"))).isEqualTo(appended(2));
    assertThat(log().producerPosition(id, "p").orElseThrow().producerSeq()).isEqualTo(2);
    assertThat(texts(id)).containsExactly("a", "b");
  }

  @Test
  @DisplayName("SES-8, ERR: a seal whose session cannot be read after it may be there: unknown")
  void sealedAndUnreadable() {
    assertThat(log().append(id, event("a"))).isEqualTo(appended(1));
    store.loads.hold();
    var sealing = start(() -> log().seal(id));
    store.loads.next().pass();
    store.loads.next().fail(new IllegalStateException("the line is cut"));
    SessionLogException failure = failure(Code.OUTCOME_UNKNOWN, sealing);
    assertThat(failure).hasMessageContaining("seal it again");
    store.heal();
    assertThat(log().seal(id).sealed()).isTrue();
    failure(Code.SESSION_SEALED, () -> log().append(id, event("b")));
  }
}
