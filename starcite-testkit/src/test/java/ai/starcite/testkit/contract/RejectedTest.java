package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.AppendOptions;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.spi.Rejected;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Writes that fail for certain, and what waits behind them. */
class RejectedTest extends FaultFixture {

  @Test
  @DisplayName("APP-7: a rejected write fails all that it held definitely, and nothing is written")
  void definite() {
    var plug = hold(event("plug"));
    var a = send(event("a"));
    var batch = log().appendAllAsync(id, numbered("p", 1, 3), AppendOptions.defaults());
    plug.pass();
    store.appends.next().answer(ScriptedFaults.REJECTED);
    SessionLogException failure = failure(Code.STORE_UNAVAILABLE, a);
    assertThat(failure.isDefinite()).isTrue();
    assertThat(failure).hasRootCause(ScriptedFaults.CAUSE);
    failure(Code.STORE_UNAVAILABLE, batch);
    store.heal();
    assertThat(log().append(id, event("b"))).isEqualTo(appended(2));
    assertThat(texts(id)).containsExactly("plug", "b");
  }

  @Test
  @DisplayName("ERR-1: each blocked thread gets an exception of its own, with the cause behind it")
  void ownExceptions() {
    var plug = hold(event("plug"));
    List<FutureTask<?>> callers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      FutureTask<?> caller = new FutureTask<>(() -> log().append(id, event("a")));
      callers.add(caller);
      Thread thread = new Thread(caller, "appender");
      thread.start();
      awaitBlocked(thread);
    }
    plug.pass();
    store.appends.next().answer(ScriptedFaults.REJECTED);
    List<SessionLogException> failures =
        callers.stream().map(each -> failure(Code.STORE_UNAVAILABLE, each)).toList();
    assertThat(failures.get(0)).isNotSameAs(failures.get(1));
    for (SessionLogException failure : failures) {
      assertThat(failure).hasCause(ScriptedFaults.CAUSE);
      assertThat(failure.getStackTrace())
          .extracting(StackTraceElement::getMethodName)
          .anyMatch(method -> method.contains("ownExceptions"));
    }
  }

  @Test
  @DisplayName("APP-7: the store's own exception reaches the caller")
  void ownException() {
    SessionLogException own = new SessionLogException(Code.STORE_UNAVAILABLE, "the disk is full");
    store.next(ScriptedFaults.answering(new Rejected(own)));
    assertThat(failure(Code.STORE_UNAVAILABLE, () -> log().append(id, event("a"))))
        .hasMessageContaining("the disk is full");
  }

  @Test
  @DisplayName("APP-4: a producer's events behind its rejected one fail, those of others do not")
  void othersGoOn() {
    var write = hold(numbered("p", 1));
    var second = send(numbered("p", 2));
    var other = send(numbered("q", 1));
    var plain = send(event("plain"));
    write.answer(ScriptedFaults.REJECTED);
    store.heal();
    assertThat(failure(Code.STORE_UNAVAILABLE, second).isDefinite()).isTrue();
    assertThat(await(other).seq()).isEqualTo(1);
    assertThat(await(plain).seq()).isEqualTo(2);
    assertThat(log().producerPosition(id, "p")).as("none became the first").isEmpty();
    assertThat(log().append(id, numbered("p", 1)).seq()).isEqualTo(3);
    assertThat(log().append(id, numbered("p", 2)).seq()).isEqualTo(4);
  }

  @Test
  @DisplayName("APP-4: events behind the rejected one of an old producer fail with the same code")
  void sameCode() {
    log().append(id, numbered("p", 1));
    var write = hold(numbered("p", 2));
    var third = send(numbered("p", 3));
    var fourth = send(numbered("p", 4));
    write.answer(ScriptedFaults.REJECTED);
    failure(Code.STORE_UNAVAILABLE, third);
    failure(Code.STORE_UNAVAILABLE, fourth);
    store.heal();
    assertThat(log().appendAll(id, numbered("p", 2, 4)))
        .extracting("seq")
        .containsExactly(2L, 3L, 4L);
  }

  @Test
  @DisplayName("APP-4: a batch behind a rejected event fails as a whole, and what is behind it too")
  void throughBatches() {
    var write = hold(numbered("p", 1));
    var mixed =
        log()
            .appendAllAsync(
                id, List.of(numbered("p", 2), numbered("q", 1)), AppendOptions.defaults());
    var behind = send(numbered("q", 2));
    var unrelated = send(numbered("r", 1));
    write.answer(ScriptedFaults.REJECTED);
    store.heal();
    failure(Code.STORE_UNAVAILABLE, mixed);
    failure(Code.STORE_UNAVAILABLE, behind);
    await(unrelated);
    assertThat(log().producerPosition(id, "q")).isEmpty();
    assertThat(texts(id)).containsExactly("r1");
  }

  @Test
  @DisplayName("APP-6: a retry of a durable event succeeds, also behind a rejected one")
  void retryBehind() {
    log().append(id, numbered("p", 1));
    var write = hold(numbered("p", 2));
    var retry = send(numbered("p", 1));
    write.answer(ScriptedFaults.REJECTED);
    assertThat(await(retry)).isEqualTo(deduped(1, 1));
  }

  @Test
  @DisplayName("APP-4: after a rejection the number is free for another content")
  void otherContent() {
    store.next(ScriptedFaults.answering(ScriptedFaults.REJECTED));
    failure(Code.STORE_UNAVAILABLE, () -> log().append(id, numbered("p", 1)));
    assertThat(log().append(id, forged("p", 1))).isEqualTo(appended(1));
  }

  @Test
  @DisplayName("APP-7: a rejected sealing leaves the session open")
  void rejectedSealing() {
    store.next(ScriptedFaults.answering(ScriptedFaults.REJECTED));
    failure(Code.STORE_UNAVAILABLE, () -> log().seal(id));
    assertThat(log().append(id, event("a"))).isEqualTo(appended(1));
    assertThat(log().seal(id).sealed()).isTrue();
  }

  @Test
  @DisplayName("APP-2: many rejections in a row leave no hole")
  void noHoles() {
    for (int i = 1; i <= 50; i++) {
      store.next(ScriptedFaults.answering(ScriptedFaults.REJECTED));
      failure(Code.STORE_UNAVAILABLE, () -> log().append(id, event("no")));
      assertThat(log().append(id, event("yes"))).isEqualTo(appended(i));
    }
    assertThat(texts(id)).hasSize(50).containsOnly("yes");
  }
}
