package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.AppendOptions;
import ai.starcite.Event;
import ai.starcite.SessionLogException.Code;
import ai.starcite.TailEnd;
import ai.starcite.TailOptions;
import ai.starcite.TailSubscription;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Listeners, and the ends that tails push to them and to subscribers. Clauses TAIL-7 and TAIL-8.
 */
@OverMemory
class TailPushTest extends PushFixture {

  @Test
  @DisplayName("TAIL-7: a listener gets what is there and what comes, on its executor, in order")
  void listener() {
    String id = sessionOf(300);
    AtomicReference<String> thread = new AtomicReference<>();
    Received received =
        new Received() {
          @Override
          void handle(Event event) {
            thread.set(Thread.currentThread().getName());
          }
        };
    try (TailSubscription tail = log().subscribe(id, TailOptions.from(2), received, executor)) {
      append(id, 400);
      log().append(id, event("last"), AppendOptions.defaults().withSeal());
      waitUntil(received::isOver);

      assertThat(seqs(received.events())).isEqualTo(range(3, 701));
      assertThat(received.events()).isEqualTo(read(id).subList(2, 701));
      assertThat(received.end()).isEqualTo(TailEnd.SEALED);
      assertThat(received.failure()).isNull();
      assertThat(thread.get()).isEqualTo("test-listener");
      assertThat(tail.cursor().seq()).isEqualTo(701);
      assertThat(tail.cursor().incarnation().orElseThrow()).isEqualTo(log().get(id).incarnation());
      received.requireOrderly();
    }
  }

  @Test
  @DisplayName("TAIL-7: an exception in a listener ends its tail, no other, and is told to it")
  void listener_throws() {
    String id = sessionOf(5);
    IllegalStateException bad = new IllegalStateException("bad event");
    Received failing =
        new Received() {
          @Override
          void handle(Event event) {
            if (event.seq() == 3) {
              throw bad;
            }
          }
        };
    TailSubscription failed = log().subscribe(id, TailOptions.from(0), failing, executor);
    Received other = listen(id, TailOptions.from(0));
    append(id, 2);

    waitUntil(() -> failing.isOver() || failing.events().size() > 2);
    waitUntil(() -> other.events().size() == 7);

    assertThat(seqs(failing.events())).containsExactly(1L, 2L);
    assertThat(failing.end()).isEqualTo(TailEnd.READER_FAILED);
    assertThat(failing.failure()).isSameAs(bad);
    assertThat(failed.end()).contains(TailEnd.READER_FAILED);
    assertThat(failed.cursor().seq()).as("the event was not handled").isEqualTo(2);
    assertThat(other.isOver()).isFalse();
  }

  @Test
  @DisplayName("TAIL-7: a cursor is not past the event that is being handled")
  void listener_cursor() throws Exception {
    String id = sessionOf(2);
    CountDownLatch reached = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Received slow =
        new Received() {
          @Override
          void handle(Event event) throws InterruptedException {
            if (event.seq() == 2) {
              reached.countDown();
              goOn.await();
            }
          }
        };
    TailSubscription tail = log().subscribe(id, TailOptions.from(0), slow, executor);
    reached.await();

    assertThat(tail.cursor().seq()).isEqualTo(1);
    goOn.countDown();
    waitUntil(() -> tail.cursor().seq() == 2);
  }

  @Test
  @DisplayName(
      "TAIL-7: a listener that closes its tail gets no more, and is told that it is closed")
  void listener_closes() {
    String id = sessionOf(600);
    AtomicReference<TailSubscription> tail = new AtomicReference<>();
    CountDownLatch known = new CountDownLatch(1);
    Received received =
        new Received() {
          @Override
          void handle(Event event) throws InterruptedException {
            known.await();
            if (event.seq() == 5) {
              tail.get().close();
            }
          }
        };
    tail.set(log().subscribe(id, TailOptions.from(0), received, executor));
    known.countDown();

    waitUntil(received::isOver);

    assertThat(seqs(received.events())).isEqualTo(range(1, 5));
    assertThat(received.end()).isEqualTo(TailEnd.CLOSED);
    assertThat(tail.get().cursor().seq()).isEqualTo(5);
    tail.get().close();
    received.requireOrderly();
  }

  @Test
  @DisplayName("TAIL-7: a stuck listener delays neither appends nor other tails")
  void listener_stuck() {
    String id = sessionOf(1);
    CountDownLatch never = new CountDownLatch(1);
    Received stuck =
        new Received() {
          @Override
          void handle(Event event) throws InterruptedException {
            never.await();
          }
        };
    try (TailSubscription tail = log().subscribe(id, TailOptions.from(0), stuck, executor)) {
      Received other = listen(id, TailOptions.from(0));
      append(id, 10);
      append(id, 10);

      waitUntil(() -> other.events().size() == 21);
      assertThat(stuck.events()).isEmpty();
      assertThat(tail.cursor().seq()).isZero();
    } finally {
      never.countDown();
    }
  }

  @Test
  @DisplayName("TAIL-7: an executor that takes no tasks ends the tail, which says so")
  void listener_withoutExecutor() {
    String id = sessionOf(1);
    Executor none =
        task -> {
          throw new RejectedExecutionException("no more");
        };
    Received received = new Received();
    TailSubscription tail = log().subscribe(id, TailOptions.from(0), received, none);

    waitUntil(received::isOver);

    assertThat(received.events()).isEmpty();
    assertThat(received.end()).isEqualTo(TailEnd.READER_FAILED);
    assertThat(received.code()).isEqualTo(Code.CANCELLED);
    assertThat(tail.end()).contains(TailEnd.READER_FAILED);
  }

  @Test
  @DisplayName("TAIL-7: an executor that fails later ends its tail, and neither append nor others")
  void listener_executorFails() {
    String id = sessionOf(1);
    AtomicReference<Error> failing = new AtomicReference<>();
    Executor broken =
        task -> {
          if (failing.get() != null) {
            throw failing.get();
          }
          executor.execute(task);
        };
    Received first = new Received();
    log().subscribe(id, TailOptions.from(0), first, broken);
    Received other = listen(id, TailOptions.from(0));
    waitUntil(() -> first.events().size() == 1 && other.events().size() == 1);

    failing.set(new OutOfMemoryError("no more threads"));
    append(id, 1);
    waitUntil(() -> first.isOver() && other.events().size() == 2);

    assertThat(first.end()).isEqualTo(TailEnd.READER_FAILED);
    assertThat(first.failure()).hasCause(failing.get());
    assertThat(seqs(first.events())).containsExactly(1L);
  }

  @Test
  @DisplayName("TAIL-8: sealed: a listener and a subscriber are complete, with demand or without")
  void sealed() {
    String id = sessionOf(2);
    Received listener = listen(id, TailOptions.from(0));
    Received subscriber = subscribe(id, TailOptions.from(0));
    Received satisfied = subscribe(id, TailOptions.from(0), 2);
    Received behind = subscribe(id, TailOptions.from(0), 1);
    waitUntil(() -> behind.events().size() == 1 && satisfied.events().size() == 2);

    log().seal(id);
    waitUntil(() -> listener.isOver() && subscriber.isOver() && satisfied.isOver());

    assertThat(listener.end()).isEqualTo(TailEnd.SEALED);
    assertThat(subscriber.isCompleted()).isTrue();
    assertThat(subscriber.tail().end()).contains(TailEnd.SEALED);
    assertThat(satisfied.isCompleted()).isTrue();
    assertThat(behind.isOver()).as("an event is left to be demanded").isFalse();
    behind.subscription().request(1);
    waitUntil(behind::isOver);
    assertThat(seqs(behind.events())).containsExactly(1L, 2L);
  }

  @Test
  @DisplayName("TAIL-8: bounds: a listener and a subscriber are complete, and can ask why")
  void bounds() {
    String id = sessionOf(5);
    Received listener = listen(id, TailOptions.from(0).withoutFollowing());
    Received limited = subscribe(id, TailOptions.from(0).withLimit(2), 2);
    waitUntil(() -> listener.isOver() && limited.isOver());

    assertThat(listener.end()).isEqualTo(TailEnd.BOUND);
    assertThat(listener.failure()).isNull();
    assertThat(seqs(limited.events())).containsExactly(1L, 2L);
    assertThat(limited.isCompleted()).isTrue();
    assertThat(limited.tail().end()).contains(TailEnd.BOUND);
  }

  @Test
  @DisplayName("TAIL-8: deleted: a listener and a subscriber are told, with demand or without")
  void deleted() {
    String id = sessionOf(2);
    Received listener = listen(id, TailOptions.from(0));
    Received subscriber = subscribe(id, TailOptions.from(0));
    Received idle = subscribe(id, TailOptions.from(0), 0);
    waitUntil(() -> subscriber.events().size() == 2 && idle.subscription() != null);

    log().delete(id);
    waitUntil(() -> listener.isOver() && subscriber.isOver() && idle.isOver());

    assertThat(listener.end()).isEqualTo(TailEnd.DELETED);
    for (Received each : List.of(listener, subscriber, idle)) {
      assertThat(each.code()).isEqualTo(Code.SESSION_NOT_FOUND);
      each.requireOrderly();
    }
    assertThat(idle.tail().end()).contains(TailEnd.DELETED);
  }

  @Test
  @DisplayName("TAIL-8: log closed: a listener and a subscriber are told, with demand or without")
  void logClosed() {
    String id = sessionOf(2);
    Received listener = listen(id, TailOptions.from(0));
    Received subscriber = subscribe(id, TailOptions.from(0));
    Received idle = subscribe(id, TailOptions.from(0), 0);
    waitUntil(() -> subscriber.events().size() == 2 && idle.subscription() != null);
    var publisher = log().publisher(id, TailOptions.from(0));

    closeLog();
    waitUntil(() -> listener.isOver() && subscriber.isOver() && idle.isOver());

    assertThat(listener.end()).isEqualTo(TailEnd.LOG_CLOSED);
    for (Received each : List.of(listener, subscriber, idle)) {
      assertThat(each.code()).isEqualTo(Code.CLOSED);
      each.requireOrderly();
    }
    Received late = new Received();
    publisher.subscribe(late);
    waitUntil(late::isOver);
    assertThat(late.code()).isEqualTo(Code.CLOSED);
  }

  @Test
  @DisplayName("TAIL-5: what a filter passes over moves the cursor of a listener")
  void filter() {
    String id = newSession();
    log().append(id, event("a").withAgent("drafter"));
    append(id, 5);
    Received received = new Received();
    TailSubscription tail =
        log().subscribe(id, TailOptions.from(0).withAgents("drafter"), received, executor);

    waitUntil(() -> tail.cursor().seq() == 6);

    assertThat(seqs(received.events())).containsExactly(1L);
  }
}
