package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.AppendOptions;
import ai.starcite.Event;
import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.Tail;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Threads that are interrupted before or while they wait. */
@OverMemory
class InterruptTest extends LogFixture {

  @AfterEach
  void clearFlag() {
    Thread.interrupted();
  }

  @Test
  @DisplayName("Bad input: an interrupted thread's append is withdrawn, and its flag stays set")
  void appendOfInterruptedThread() {
    log().create(NewSession.ofId("s"));
    NewEvent event = event("x").withProducer("p", 1);
    List<Call> appends =
        List.of(
            new Call("append", (log, id) -> log.append(id, event)),
            new Call("appendAll", (log, id) -> log.appendAll(id, List.of(event))),
            new Call(
                "append with seal",
                (log, id) -> log.append(id, event, AppendOptions.defaults().withSeal())));
    for (Call call : appends) {
      Thread.currentThread().interrupt();
      SessionLogException failure = failure(Code.CANCELLED, () -> call.on().run(log(), "s"));
      assertThat(Thread.interrupted()).as(call.name()).isTrue();
      assertThat(failure.isDefinite()).isTrue();
    }
    assertThat(read("s")).isEmpty();
    assertThat(log().append("s", event).seq()).isEqualTo(1);
    assertThat(log().get("s").sealed()).isFalse();
  }

  @Test
  @DisplayName("Bad input: any other call of an interrupted thread works, or fails and did nothing")
  void callsOfInterruptedThread() {
    for (Call call : Call.all()) {
      String id = "s " + call.name();
      boolean creates = call.name().startsWith("create");
      if (!creates) {
        log().create(NewSession.ofId(id));
      }
      Thread.currentThread().interrupt();
      boolean worked;
      try {
        call.on().run(log(), id);
        worked = true;
      } catch (SessionLogException e) {
        assertThat(e.code()).as(call.name()).isIn(Code.CANCELLED, Code.OUTCOME_UNKNOWN);
        worked = e.code() == Code.OUTCOME_UNKNOWN;
      } catch (Throwable e) {
        throw new AssertionError(call.name(), e);
      }
      assertThat(Thread.interrupted()).as("flag after " + call.name()).isTrue();
      if (!worked && creates) {
        failure(Code.SESSION_NOT_FOUND, () -> log().get(id));
      } else if (!worked) {
        assertThat(log().get(id).version()).as(call.name()).isEqualTo(1);
        assertThat(log().get(id).lastSeq()).as(call.name()).isZero();
      }
      log().createIfAbsent(NewSession.ofId(id));
    }
    log().create(NewSession.ofId("last"));
    assertThat(log().append("last", event("x")).seq()).isEqualTo(1);
  }

  @Test
  @DisplayName("Bad input: a reader that is interrupted while it waits can go on reading")
  void waitingReader() throws Exception {
    log().create(NewSession.ofId("s"));
    log().append("s", event("one"));
    AtomicReference<Thread> reader = new AtomicReference<>();
    CountDownLatch interrupted = new CountDownLatch(1);
    AtOnce.run(
        2,
        thread -> {
          if (thread == 0) {
            try (Tail tail = log().tail("s", 0)) {
              assertThat(tail.next().seq()).isEqualTo(1);
              reader.set(Thread.currentThread());
              failure(Code.CANCELLED, tail::next);
              assertThat(Thread.currentThread().isInterrupted()).isTrue();
              failure(Code.CANCELLED, tail::hasNext);
              assertThat(Thread.interrupted()).isTrue();
              assertThat(tail.end()).isEmpty();
              assertThat(tail.cursor().seq()).isEqualTo(1);
              interrupted.countDown();
              assertThat(tail.next().seq()).isEqualTo(2);
            }
          } else {
            while (reader.get() == null || reader.get().getState() != Thread.State.WAITING) {
              Thread.onSpinWait();
            }
            reader.get().interrupt();
            interrupted.await();
            log().append("s", event("two"));
          }
          return null;
        });
  }

  @Test
  @DisplayName(
      "Bad input: of appends interrupted at any moment, the withdrawn ones are never stored")
  void interruptsAtAnyMoment() throws Exception {
    log().create(NewSession.ofId("s"));
    Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    Set<String> withdrawn = ConcurrentHashMap.newKeySet();
    int threads = 4;
    Thread[] writers = new Thread[threads];
    AtomicIntegerArray tries = new AtomicIntegerArray(threads);
    CountDownLatch started = new CountDownLatch(threads - 1);
    CountDownLatch left = new CountDownLatch(threads - 1);
    AtOnce.run(
        threads,
        thread -> {
          if (thread == 0) {
            started.await();
            Random random = new Random();
            int[] interrupted = new int[threads];
            while (left.getCount() > 0) {
              int writer = 1 + random.nextInt(threads - 1);
              // Some calls, at most once each: else a slow store would never come to its end.
              if (interrupted[writer] != tries.get(writer) && random.nextInt(50) == 0) {
                interrupted[writer] = tries.get(writer);
                writers[writer].interrupt();
              }
              Thread.yield();
            }
            return null;
          }
          writers[thread] = Thread.currentThread();
          started.countDown();
          try {
            for (int round : Rounds.upTo(300)) {
              NewEvent event = event(thread + "-" + round).withProducer("p" + thread, round + 1);
              while (!stored(event, acknowledged, withdrawn)) {
                // Tried again until it is.
                Thread.interrupted();
                tries.incrementAndGet(thread);
              }
              tries.incrementAndGet(thread);
            }
          } finally {
            left.countDown();
          }
          return null;
        });
    List<Event> events = read("s");
    assertThat(events)
        .extracting(event -> event.payload().toString())
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(acknowledged);
    withdrawn.removeAll(acknowledged);
    assertThat(withdrawn).isEmpty();
  }

  private boolean stored(NewEvent event, Set<String> acknowledged, Set<String> withdrawn) {
    try {
      log().append("s", event);
      acknowledged.add(event.payload().toString());
      return true;
    } catch (SessionLogException e) {
      assertThat(e.code()).isIn(Code.CANCELLED, Code.OUTCOME_UNKNOWN);
      if (e.code() == Code.CANCELLED) {
        withdrawn.add(event.payload().toString());
      }
      return false;
    }
  }
}
