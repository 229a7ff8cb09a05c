package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.AppendResult;
import ai.starcite.SessionLog;
import ai.starcite.SessionLogException.Code;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Closing a log while its store does not answer. */
class CloseWhileStuckTest extends FaultFixture {

  private FutureTask<Void> closing(SessionLog log) {
    FutureTask<Void> closing = new FutureTask<>(log::close, null);
    Thread thread = new Thread(closing, "closer");
    thread.start();
    awaitBlocked(thread);
    return closing;
  }

  @Test
  @DisplayName("ERR-3: close drains what is under way, and refuses new calls meanwhile")
  void drains() {
    var write = hold(event("a"));
    var second = send(event("b"));
    FutureTask<Void> closing = closing(log());
    failure(Code.CLOSED, () -> log().append(id, event("late")));
    assertUnanswered(second, closing);
    write.pass();
    store.heal();
    await(closing);
    assertThat(second).isCompletedWithValue(appended(2));
    reopen();
    assertThat(texts(id)).containsExactly("a", "b");
  }

  @Test
  @DisplayName("ERR-3: after its time-out, close fails what is left, and says what is unknown")
  void failsTheRest() {
    open(builder -> builder.closeTimeout(Duration.ofMillis(50)));
    store.appends.hold();
    var sent = send(numbered("p", 1));
    var waiting = send(event("b"));
    var blocked = new FutureTask<AppendResult>(() -> log().append(id, event("c")));
    Thread thread = new Thread(blocked, "appender");
    thread.start();
    awaitBlocked(thread);
    log().close();
    failure(Code.OUTCOME_UNKNOWN, sent);
    failure(Code.CLOSED, waiting);
    failure(Code.CLOSED, blocked);
    store.heal();
    reopen();
    assertThat(await(send(numbered("p", 1)))).isEqualTo(deduped(1, 1));
    assertThat(texts(id)).containsExactly("p1");
  }

  @Test
  @DisplayName("APP-7: closed meanwhile, a retry of an event in flight is not definite")
  void retryWhileClosing() {
    open(builder -> builder.closeTimeout(Duration.ofMillis(50)));
    hold(numbered("p", 1));
    var retry = send(numbered("p", 1));
    log().close();
    failure(Code.OUTCOME_UNKNOWN, retry);
  }

  @Test
  @DisplayName("ERR-3: close fails a blocking append that waits for room")
  void waitsForRoom() {
    open(builder -> builder.closeTimeout(Duration.ofMillis(50)).maxPendingBytes(1 << 20));
    hold(sized(250 << 10));
    var blocked = new FutureTask<AppendResult>(() -> log().append(id, sized(100 << 10)));
    Thread thread = new Thread(blocked, "appender");
    thread.start();
    awaitBlocked(thread);
    log().close();
    failure(Code.CLOSED, blocked);
  }

  @Test
  @DisplayName("ERR-3: close fails what waits for a session that does not open")
  void waitsForLoad() {
    open(builder -> builder.closeTimeout(Duration.ofMillis(50)));
    String session = newSession();
    store.loads.hold();
    var waiting = log().appendAsync(session, event("a"));
    log().close();
    failure(Code.CLOSED, waiting);
  }

  @Test
  @DisplayName("ERR-3: an answer that comes after the close disturbs nobody")
  void lateAnswer() {
    open(builder -> builder.closeTimeout(Duration.ofMillis(50)));
    var write = hold(event("a"));
    log().close();
    write.pass();
    store.heal();
    reopen();
    assertThat(log().append(id, event("b"))).isEqualTo(appended(2));
  }
}
