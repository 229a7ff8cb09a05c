package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.AppendResult;
import ai.starcite.SessionLogException.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Futures whose executor is kept busy by the code of users, over a store that answers at once. */
class SlowCallbackTest extends FaultFixture {
  private static final int MIB = 1 << 20;
  private static final int EVENT = 100 << 10;

  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final List<CompletableFuture<AppendResult>> sent = new ArrayList<>();

  @BeforeEach
  void slow() {
    open(builder -> builder.maxPendingBytes(MIB).executor(tasks::add));
  }

  /** Runs the callbacks that wait. */
  private void catchUp() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  /** Sends until no more is taken; the answer of that one. */
  private CompletableFuture<AppendResult> sendAll() {
    for (int i = 0; i < 500; i++) {
      CompletableFuture<AppendResult> future = send(sized(EVENT));
      if (future.isDone()) {
        return future;
      }
      sent.add(future);
    }
    throw new AssertionError("50 MB are stored and not delivered");
  }

  @Test
  @DisplayName("APP-8: what is stored and waits for slow callbacks is bounded")
  void bounded() {
    failure(Code.BACKPRESSURE, sendAll());
    assertThat(sent).hasSizeBetween(MIB / EVENT, 3 * MIB / EVENT);
    catchUp();
    sent.forEach(each -> assertThat(await(each).deduped()).isFalse());
    assertUnanswered(send(event("again")));
    catchUp();
    assertThat(log().get(id).lastSeq()).isEqualTo(sent.size() + 1);
  }

  @Test
  @DisplayName("APP-8: a blocking append does not wait for callbacks, so that one may append")
  void blockingAppend() {
    failure(Code.BACKPRESSURE, sendAll());
    List<AppendResult> results = new ArrayList<>();
    sent.get(0).thenAccept(done -> results.add(log().append(id, event("from a callback"))));
    catchUp();
    assertThat(results).containsExactly(appended(sent.size() + 1));
  }

  @Test
  @DisplayName("APP-8: callbacks that each send the next event go on forever")
  void chain() {
    List<Long> seqs = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      chain(send(sized(EVENT)), seqs);
    }
    for (int round = 0; round < 100; round++) {
      catchUpOnce();
    }
    assertThat(seqs).hasSizeGreaterThanOrEqualTo(400);
  }

  private void chain(CompletableFuture<AppendResult> future, List<Long> seqs) {
    future.thenAccept(
        done -> {
          seqs.add(done.seq());
          chain(send(sized(EVENT)), seqs);
        });
  }

  private void catchUpOnce() {
    for (int left = tasks.size(); left > 0; left--) {
      tasks.remove().run();
    }
  }
}
