package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.AppendOptions;
import ai.starcite.AppendResult;
import ai.starcite.NewEvent;
import ai.starcite.SessionLogException.Code;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Appends that time out, are interrupted or cancelled. */
class WithdrawalTest extends FaultFixture {
  private static final AppendOptions BRIEF =
      AppendOptions.defaults().withTimeout(Duration.ofMillis(20));

  /** A blocking append on a thread of its own. */
  private final class Blocking {
    private boolean flag;
    private final FutureTask<AppendResult> result;
    private final Thread thread;

    Blocking(NewEvent event) {
      result =
          new FutureTask<>(
              () -> {
                try {
                  return log().append(id, event);
                } finally {
                  flag = Thread.currentThread().isInterrupted();
                }
              });
      thread = new Thread(result, "appender");
      thread.start();
      awaitBlocked(thread);
    }

    void interrupted(Code code) {
      thread.interrupt();
      failure(code, result);
      assertThat(flag).as("the interrupt flag").isTrue();
    }
  }

  @Test
  @DisplayName("APP-9: timed out before its bytes reached the store, an append is cancelled")
  void timedOutBefore() {
    var plug = hold(event("plug"));
    failure(Code.CANCELLED, () -> log().append(id, event("a"), BRIEF));
    failure(Code.CANCELLED, send(event("b"), BRIEF));
    failure(Code.CANCELLED, log().appendAllAsync(id, numbered("p", 1, 3), BRIEF));
    plug.pass();
    store.heal();
    assertThat(log().append(id, numbered("p", 1))).isEqualTo(appended(2));
    assertThat(texts(id)).containsExactly("plug", "p1");
  }

  @Test
  @DisplayName("APP-9: timed out after that, its outcome is unknown")
  void timedOutAfter() {
    store.appends.hold();
    failure(Code.OUTCOME_UNKNOWN, () -> log().append(id, numbered("p", 1), BRIEF));
    var write = store.appends.next();
    var behind = send(event("b"));
    write.pass();
    store.heal();
    assertThat(await(behind)).isEqualTo(appended(2));
    assertThat(log().append(id, numbered("p", 1))).isEqualTo(deduped(1, 2));
  }

  @Test
  @DisplayName("APP-9: interrupted before its bytes reached the store, an append is cancelled")
  void interruptedBefore() {
    var plug = hold(event("plug"));
    new Blocking(event("a")).interrupted(Code.CANCELLED);
    plug.pass();
    store.heal();
    assertThat(log().append(id, event("b"))).isEqualTo(appended(2));
  }

  @Test
  @DisplayName("APP-9: interrupted after that, its outcome is unknown")
  void interruptedAfter() {
    store.appends.hold();
    Blocking blocking = new Blocking(numbered("p", 1));
    blocking.interrupted(Code.OUTCOME_UNKNOWN);
    store.heal();
    assertThat(log().append(id, numbered("p", 1))).isEqualTo(deduped(1, 1));
  }

  @Test
  @DisplayName("APP-9: a cancelled future fails with what is true of its event")
  void cancelled() {
    store.appends.hold();
    var sent = send(event("a"));
    var waiting = send(event("b"));
    waiting.cancel(true);
    sent.cancel(true);
    failure(Code.CANCELLED, waiting);
    failure(Code.OUTCOME_UNKNOWN, sent);
    assertThat(sent.isCancelled()).isFalse();
    store.heal();
    assertThat(log().append(id, event("c"))).isEqualTo(appended(2));
    assertThat(texts(id)).containsExactly("a", "c");
  }

  @Test
  @DisplayName("APP-9: withdrawn from the middle of a forming segment, it leaves no hole")
  void middleOfSegment() {
    var plug = hold(event("plug"));
    var a = send(event("a"));
    var batch = log().appendAllAsync(id, numbered("p", 1, 3), AppendOptions.defaults());
    var b = send(event("b"), expecting(5));
    var c = send(event("c"));
    batch.cancel(false);
    var d = send(event("d"));
    plug.pass();
    store.heal();
    failure(Code.CANCELLED, batch);
    assertThat(await(a).seq()).isEqualTo(2);
    assertThat(failure(Code.EXPECTED_SEQ_CONFLICT, b).currentSeq()).hasValue(2);
    assertThat(await(c).seq()).isEqualTo(3);
    assertThat(await(d).seq()).isEqualTo(4);
    assertThat(texts(id)).containsExactly("plug", "a", "c", "d");
  }

  @Test
  @DisplayName("APP-9: the last of a segment can be withdrawn, then there is nothing to write")
  void wholeSegment() {
    var plug = hold(event("plug"));
    var a = send(event("a"));
    a.cancel(false);
    plug.pass();
    failure(Code.CANCELLED, a);
    assertThat(store.sent()).hasSize(1);
    store.heal();
    assertThat(log().append(id, event("b"))).isEqualTo(appended(2));
  }

  @Test
  @DisplayName("APP-9: a withdrawn sealing does not seal")
  void withdrawnSeal() {
    var plug = hold(event("plug"));
    var last = send(event("last"), AppendOptions.defaults().withSeal());
    var refused = send(event("b"));
    last.cancel(false);
    plug.pass();
    store.heal();
    failure(Code.CANCELLED, last);
    assertThat(await(refused)).as("judged again").isEqualTo(appended(2));
    assertThat(log().get(id).sealed()).isFalse();
  }

  @Test
  @DisplayName(
      "APP-7: a withdrawn retry of an event in flight does not claim that nothing is written")
  void withdrawnRetry() {
    var write = hold(numbered("p", 1));
    var retry = send(numbered("p", 1));
    retry.cancel(false);
    failure(Code.OUTCOME_UNKNOWN, retry);
    write.pass();
  }

  @Test
  @DisplayName("APP-9: a session that is slow to open blocks only its callers")
  void slowLoad() {
    reopen();
    store.loads.hold();
    failure(Code.CANCELLED, () -> log().append(id, event("a"), BRIEF));
    failure(Code.CANCELLED, send(event("b"), BRIEF));
    var later = send(event("c"));
    store.heal();
    assertThat(await(later)).isEqualTo(appended(1));
    assertThat(texts(id)).containsExactly("c");
  }

  @Test
  @DisplayName("APP-9: a retry that waits for a read of its event does not block the session")
  void slowRead() {
    log().appendAll(id, numbered("p", 1, 1_100));
    store.reads.hold();
    failure(Code.CANCELLED, () -> log().append(id, numbered("p", 1), BRIEF));
    assertThat(log().append(id, event("a"))).isEqualTo(appended(1_101));
    store.heal();
    assertThat(log().append(id, numbered("p", 1))).isEqualTo(deduped(1, 1_101));
  }

  @Test
  @DisplayName("APP-9: withdrawn appends leak no slot")
  void noLeak() {
    open(builder -> builder.maxPendingBytes(1 << 20));
    for (int round = 0; round < 20; round++) {
      var plug = hold(event("plug"));
      var waiting = send(sized(200 << 10));
      failure(Code.BACKPRESSURE, send(sized(200 << 10)));
      waiting.cancel(false);
      failure(Code.CANCELLED, waiting);
      plug.pass();
      store.heal();
    }
    assertThat(await(send(sized(250 << 10)))).isEqualTo(appended(21));
  }

  @Test
  @DisplayName("APP-9: an append whose outcome is unknown gives its slot back when it is settled")
  void noLeakAfterUnknown() {
    open(builder -> builder.maxPendingBytes(1 << 20));
    store.appends.hold();
    var sent = send(sized(200 << 10));
    sent.cancel(false);
    failure(Code.OUTCOME_UNKNOWN, sent);
    failure(Code.BACKPRESSURE, send(sized(200 << 10)));
    store.heal();
    assertThat(await(send(sized(250 << 10)))).isEqualTo(appended(2));
  }

  @Test
  @DisplayName("APP-9: many threads that give up at once leave the others' events whole")
  void manyGiveUp() throws Exception {
    for (int round = 0; round < 50; round++) {
      open(builder -> builder);
      var plug = hold(event("plug"));
      List<CompletableFuture<AppendResult>> kept = new ArrayList<>();
      List<CompletableFuture<AppendResult>> given = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        kept.add(send(event("kept")));
        given.add(send(event("given")));
      }
      Thread canceller = new Thread(() -> given.forEach(each -> each.cancel(false)));
      canceller.start();
      plug.pass();
      store.heal();
      canceller.join();
      kept.forEach(each -> await(each));
      await("all are answered", () -> given.stream().allMatch(CompletableFuture::isDone));
      long written = given.stream().filter(each -> !each.isCompletedExceptionally()).count();
      List<String> texts = texts(id);
      assertThat(texts).filteredOn("kept"::equals).hasSize(20);
      assertThat(texts).filteredOn("given"::equals).hasSizeGreaterThanOrEqualTo((int) written);
    }
  }

  @Test
  @DisplayName("APP-4, APP-9: what was to be refused and is withdrawn says nothing of its retry")
  void retryAfterWithdrawnConflict() {
    store.appends.hold();
    var plug = send(event("plug"));
    var write = store.appends.next();
    var other = send(event("x"));
    // Shares a segment with x: decided as a conflict, and answered with it.
    var refused = send(numbered("p", 1), AppendOptions.defaults().withExpectedSeq(0));
    write.pass();
    write = store.appends.next();
    refused.cancel(false);
    failure(Code.CANCELLED, refused);
    var retry = send(numbered("p", 1));
    write.pass();
    store.heal();
    assertThat(await(plug).seq()).isEqualTo(1);
    assertThat(await(other).seq()).isEqualTo(2);
    assertThat(await(retry).seq()).isEqualTo(3);
  }
}
