package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.NewSession;
import ai.starcite.SessionLog;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.Tail;
import ai.starcite.TailEnd;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How a log closes, whatever the store. A close that waits in vain times the test out. */
@OverMemory
class CloseTest extends LogFixture {

  @BeforeEach
  void create() {
    settings(builder -> builder.closeTimeout(Duration.ofHours(1)));
    log().create(NewSession.ofId("s"));
  }

  @Test
  @DisplayName("ERR-3: close ends every tail, whether its reader waits or not")
  void endsTails() throws Exception {
    log().append("s", event("one"));
    Tail waiting = log().tail("s", 1);
    Tail idle = log().tail("s", 0);
    Tail closed = log().tail("s", 0);
    closed.close();
    SessionLog log = log();
    AtOnce.run(
        2,
        thread -> {
          if (thread == 0) {
            log.close();
          } else {
            failure(Code.CLOSED, waiting::next);
          }
          return null;
        });
    assertThat(waiting.end()).contains(TailEnd.LOG_CLOSED);
    failure(
        Code.CLOSED,
        () -> {
          while (idle.hasNext()) {
            idle.next();
          }
        });
    assertThat(idle.end()).contains(TailEnd.LOG_CLOSED);
    assertThat(closed.end()).contains(TailEnd.CLOSED);
    assertThat(closed.hasNext()).isFalse();
    idle.close();
    waiting.close();
  }

  @Test
  @DisplayName("ERR-3: close can be called from a callback")
  void fromCallback() {
    SessionLog log = log();
    CompletableFuture<Void> closing =
        log.appendAsync("s", event("one")).thenAccept(result -> log.close());
    closing.join();
    failure(Code.CLOSED, () -> log.get("s"));
    log.close();
    reopen();
    assertThat(read("s")).hasSize(1);
  }

  @Test
  @DisplayName("ERR-3: a callback that does not return holds close up to closeTimeout only")
  void stuckCallback() {
    settings(builder -> builder.closeTimeout(Duration.ofMillis(50)));
    SessionLog log = reopen();
    CountDownLatch release = new CountDownLatch(1);
    Thread test = Thread.currentThread();
    CompletableFuture<Void> stuck;
    do {
      stuck =
          log.appendAsync("s", event("one"))
              .thenAccept(
                  result -> {
                    // A callback that comes too late to wait runs on this thread.
                    if (Thread.currentThread() != test) {
                      awaitUninterruptibly(release);
                    }
                  });
    } while (stuck.isDone());
    long lastSeq = log.append("s", event("two")).seq();
    log.close();
    failure(Code.CLOSED, () -> log.get("s"));
    assertThat(stuck).isNotDone();
    release.countDown();
    stuck.join();
    assertThat(reopen().get("s").lastSeq()).isEqualTo(lastSeq);
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    while (true) {
      try {
        latch.await();
        return;
      } catch (InterruptedException e) {
        // Such is a callback that does not return.
      }
    }
  }

  @Test
  @DisplayName("ERR-3: a closed log refuses every call with CLOSED, and can be closed again")
  void refusesCalls() {
    log().append("s", event("one"));
    SessionLog closed = log();
    closed.close();
    closed.close();
    for (Call call : Call.all()) {
      SessionLogException failure = failure(Code.CLOSED, () -> call.on().run(closed, "s"));
      assertThat(failure.isDefinite()).as(call.name()).isTrue();
      assertThat(failure.isRetryable()).as(call.name()).isFalse();
    }
    reopen();
    assertThat(read("s")).hasSize(1);
    assertThat(log().get("s").version()).isEqualTo(1);
  }
}
