package ai.starcite.internal.append;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.internal.threads.Waits;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The bound on the bytes that wait to be stored: clause APP-8. */
@Timeout(60)
class ByteBudgetTest {
  private static final long NEVER = Long.MAX_VALUE / 2;

  private final ByteBudget budget = new ByteBudget(1_000, Waits.SYSTEM);
  private final ByteBudget.Share one = new ByteBudget.Share();
  private final ByteBudget.Share two = new ByteBudget.Share();

  /** Someone who waits for bytes on a thread of its own. */
  private final class Waiter {
    final CompletableFuture<Boolean> answer = new CompletableFuture<>();
    final CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    final Thread thread;

    Waiter(ByteBudget.Share share, long bytes, Runnable then) {
      thread =
          new Thread(
              () -> {
                boolean granted = budget.acquire(share, bytes, System.nanoTime() + NEVER);
                if (granted) {
                  then.run();
                }
                interrupted.complete(Thread.currentThread().isInterrupted());
                answer.complete(granted);
              });
      thread.setDaemon(true);
      thread.start();
      waitUntil(() -> answer.isDone() || thread.getState() == Thread.State.TIMED_WAITING);
    }

    Waiter(ByteBudget.Share share, long bytes) {
      this(share, bytes, () -> {});
    }
  }

  private static void waitUntil(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      LockSupport.parkNanos(50_000);
    }
  }

  private void fill() {
    for (int i = 0; i < 4; i++) {
      assertThat(budget.tryAcquire(new ByteBudget.Share(), 250)).isTrue();
    }
  }

  @Test
  @DisplayName("APP-8: no more bytes are given than there are, one session a quarter of them")
  void bounds() {
    assertThat(budget.tryAcquire(one, 250)).isTrue();
    assertThat(budget.tryAcquire(one, 1)).isFalse();
    assertThat(budget.tryAcquire(two, 249)).isTrue();
    assertThat(budget.tryAcquire(two, 2)).isFalse();
    assertThat(budget.tryAcquire(two, 1)).isTrue();
    assertThat(budget.tryAcquire(new ByteBudget.Share(), 250)).isTrue();
    assertThat(budget.tryAcquire(new ByteBudget.Share(), 250)).isTrue();
    assertThat(budget.tryAcquire(new ByteBudget.Share(), 1)).isFalse();

    budget.release(one, 250);
    assertThat(budget.tryAcquire(two, 1)).as("its session is full").isFalse();
    assertThat(budget.tryAcquire(one, 250)).isTrue();
    assertThat(budget.tryAcquire(one, 1)).isFalse();
  }

  @Test
  @DisplayName("APP-8: what was refused takes nothing")
  void refusedTakesNothing() {
    fill();
    for (int i = 0; i < 10; i++) {
      assertThat(budget.tryAcquire(one, 100)).isFalse();
    }
    assertThat(budget.acquire(one, 100, System.nanoTime() - 1)).isFalse();
    budget.release(two, 250);
    assertThat(budget.tryAcquire(one, 250)).isTrue();
  }

  @Test
  @DisplayName("APP-8: more than there is at all passes when it is alone")
  void oversize() {
    assertThat(budget.tryAcquire(one, 5_000)).isTrue();
    assertThat(budget.tryAcquire(one, 1)).isFalse();
    assertThat(budget.tryAcquire(two, 1)).isFalse();
    budget.release(one, 5_000);
    assertThat(budget.tryAcquire(two, 1)).isTrue();
    assertThat(budget.tryAcquire(one, 5_000)).as("not alone in the log").isFalse();
    assertThat(budget.tryAcquire(one, 300)).as("alone in its session").isTrue();
  }

  @Test
  @DisplayName("APP-8: who waits is served when bytes are given back")
  void waits() {
    fill();
    Waiter waiter = new Waiter(one, 200);
    assertThat(waiter.answer).isNotDone();

    budget.release(two, 250);

    assertThat(waiter.answer.join()).isTrue();
    assertThat(waiter.interrupted.join()).isFalse();
    assertThat(budget.tryAcquire(two, 51)).isFalse();
    assertThat(budget.tryAcquire(two, 50)).isTrue();
  }

  @Test
  @DisplayName("APP-8: those who wait are served in their order, and nobody slips past them")
  void inOrder() {
    fill();
    List<Integer> served = Collections.synchronizedList(new ArrayList<>());
    List<Waiter> waiters = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      int number = i;
      waiters.add(new Waiter(new ByteBudget.Share(), 250, () -> served.add(number)));
    }
    for (int i = 0; i < 4; i++) {
      assertThat(budget.tryAcquire(new ByteBudget.Share(), 1)).as("past those who wait").isFalse();
      budget.release(new ByteBudget.Share(), 250);
      assertThat(waiters.get(i).answer.join()).isTrue();
    }
    assertThat(served).containsExactly(0, 1, 2, 3);
  }

  @Test
  @DisplayName("APP-8: a large one that waits first is not starved by small ones")
  void noStarvation() {
    fill();
    Waiter large = new Waiter(one, 240);
    Waiter small = new Waiter(two, 10);
    budget.release(new ByteBudget.Share(), 100);

    assertThat(small.answer).isNotDone();
    assertThat(large.answer).isNotDone();
    budget.release(new ByteBudget.Share(), 150);
    assertThat(large.answer.join()).isTrue();
    assertThat(small.answer.join()).isTrue();
  }

  @Test
  @DisplayName("APP-8: a large one that waits for its session is not starved by those behind it")
  void noStarvation_inSession() {
    assertThat(budget.tryAcquire(one, 250)).isTrue();
    Waiter large = new Waiter(one, 100);
    Waiter small = new Waiter(one, 50);

    budget.release(one, 60);

    assertThat(budget.tryAcquire(one, 60)).as("nobody behind the large one took that").isTrue();
    budget.release(one, 160);
    assertThat(large.answer.join()).isTrue();
    assertThat(small.answer.join()).isTrue();
  }

  @Test
  @DisplayName("APP-8: one whose own session is full does not hold up other sessions")
  void fullSession() {
    assertThat(budget.tryAcquire(one, 250)).isTrue();
    Waiter stuck = new Waiter(one, 100);
    assertThat(stuck.answer).isNotDone();

    Waiter other = new Waiter(two, 100);
    assertThat(other.answer.join()).isTrue();

    budget.release(one, 250);
    assertThat(stuck.answer.join()).isTrue();
  }

  @Test
  @DisplayName("APP-8: while someone waits in a full session, others are still given bytes at once")
  void fullSession_others() {
    assertThat(budget.tryAcquire(one, 250)).isTrue();
    Waiter stuck = new Waiter(one, 100);

    assertThat(budget.tryAcquire(two, 100)).isTrue();

    budget.release(one, 250);
    assertThat(stuck.answer.join()).isTrue();
  }

  @Test
  @DisplayName("APP-9: who is interrupted leaves the queue, with the flag still set")
  void interrupted() {
    fill();
    Waiter waiter = new Waiter(one, 250);
    Waiter behind = new Waiter(two, 250);

    waiter.thread.interrupt();

    assertThat(waiter.answer.join()).isFalse();
    assertThat(waiter.interrupted.join()).isTrue();
    budget.release(new ByteBudget.Share(), 250);
    assertThat(behind.answer.join()).isTrue();
  }

  @Test
  @DisplayName("APP-9: one behind a large one that leaves is served")
  void interrupted_makesWay() {
    assertThat(budget.tryAcquire(new ByteBudget.Share(), 800)).isTrue();
    Waiter large = new Waiter(one, 220);
    Waiter small = new Waiter(two, 100);
    assertThat(small.answer).isNotDone();

    large.thread.interrupt();

    assertThat(large.answer.join()).isFalse();
    assertThat(small.answer.join()).isTrue();
  }

  @Test
  @DisplayName("APP-8: many at once never hold more than there is, and all are served")
  void manyAtOnce() {
    AtomicLong held = new AtomicLong();
    AtomicLong most = new AtomicLong();
    List<ByteBudget.Share> shares = List.of(one, two, new ByteBudget.Share());
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int t = 0; t < 8; t++) {
      Random random = new Random(t);
      all.add(
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < 2_000; i++) {
                  ByteBudget.Share share = shares.get(random.nextInt(3));
                  int bytes = 1 + random.nextInt(250);
                  assertThat(budget.acquire(share, bytes, System.nanoTime() + NEVER)).isTrue();
                  most.accumulateAndGet(held.addAndGet(bytes), Math::max);
                  held.addAndGet(-bytes);
                  budget.release(share, bytes);
                }
              },
              task -> new Thread(task).start()));
    }
    CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();

    assertThat(most.get()).isBetween(1L, 1_000L);
    for (int i = 0; i < 4; i++) {
      assertThat(budget.tryAcquire(new ByteBudget.Share(), 250)).as("all was given back").isTrue();
    }
  }
}
