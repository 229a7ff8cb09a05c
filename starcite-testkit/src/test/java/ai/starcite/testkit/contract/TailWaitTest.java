package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.starcite.Event;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.Tail;
import ai.starcite.TailOptions;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How the blocking iterator waits: clause TAIL-7, first face. */
@OverMemory
class TailWaitTest extends ReaderFixture {
  private static final Duration LONG = Duration.ofSeconds(50);

  @Test
  @DisplayName("TAIL-7: next waits for an event to come")
  void next_waits() {
    String id = newSession();
    try (Tail tail = log().tail(id, 0)) {
      InThread<Event> reader = start(tail::next).untilBlocked();

      log().append(id, event("a"));

      assertThat(reader.result().seq()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("TAIL-7: a timed poll waits for an event to come")
  void poll_waits() {
    String id = newSession();
    try (Tail tail = log().tail(id, 0)) {
      InThread<Optional<Event>> one = start(() -> tail.poll(LONG)).untilBlocked();
      log().append(id, event("a"));
      assertThat(one.result()).map(Event::seq).contains(1L);

      InThread<List<Event>> many = start(() -> tail.poll(10, LONG)).untilBlocked();
      append(id, 3);
      assertThat(seqs(many.result())).startsWith(2L).isSubsetOf(2L, 3L, 4L);
    }
  }

  @Test
  @DisplayName("TAIL-7: a poll of any length can be given, and one that ends takes nothing away")
  void poll_timesOut() {
    String id = newSession();
    try (Tail tail = log().tail(id, 0)) {
      assertThat(tail.poll(Duration.ZERO)).isEmpty();
      assertThat(tail.poll(Duration.ofNanos(1))).isEmpty();
      assertThat(tail.poll(Duration.ofMillis(20))).isEmpty();
      assertThat(tail.poll(3, Duration.ofMillis(1))).isEmpty();
      failure(Code.INVALID, () -> tail.poll(Duration.ofMillis(-1)));
      assertThat(tail.end()).isEmpty();
      InThread<Optional<Event>> reader =
          start(() -> tail.poll(Duration.ofSeconds(Long.MAX_VALUE))).untilBlocked();

      append(id, 2);

      assertThat(reader.result()).map(Event::seq).contains(1L);
      assertThat(tail.poll(Duration.ZERO)).map(Event::seq).contains(2L);
    }
  }

  @Test
  @DisplayName("TAIL-7: poll, next and hasNext can be mixed, and none skips or repeats an event")
  void mixed() {
    String id = sessionOf(10);
    try (Tail tail = log().tail(id, 0)) {
      assertThat(tail.hasNext()).isTrue();
      assertThat(tail.poll(Duration.ZERO)).map(Event::seq).contains(1L);
      assertThat(tail.next().seq()).isEqualTo(2);
      assertThat(tail.hasNext()).isTrue();
      assertThat(seqs(tail.poll(3, Duration.ZERO))).containsExactly(3L, 4L, 5L);
      assertThat(tail.next().seq()).isEqualTo(6);
      assertThat(seqs(tail.poll(1, Duration.ZERO))).containsExactly(7L);
      assertThat(tail.hasNext()).isTrue();
      assertThat(seqs(take(tail, 3))).containsExactly(8L, 9L, 10L);
    }
  }

  @Test
  @DisplayName("TAIL-7: an interrupt wakes a reader, keeps its flag, and the tail can be read on")
  void interrupted() {
    String id = newSession();
    try (Tail tail = log().tail(id, 0)) {
      InThread<Boolean> reader =
          start(
                  () -> {
                    failure(Code.CANCELLED, tail::next);
                    return Thread.currentThread().isInterrupted();
                  })
              .untilBlocked();

      reader.interrupt();

      assertThat(reader.result()).as("the flag is kept").isTrue();
      assertThat(tail.end()).isEmpty();
      InThread<Event> again = start(tail::next).untilBlocked();
      log().append(id, event("a"));
      assertThat(again.result().seq()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("TAIL-7: an interrupt wakes a reader that polls")
  void interrupted_polling() {
    try (Tail tail = log().tail(newSession(), 0)) {
      InThread<Code> reader =
          start(() -> failure(Code.CANCELLED, () -> tail.poll(2, LONG)).code()).untilBlocked();

      reader.interrupt();

      assertThat(reader.result()).isEqualTo(Code.CANCELLED);
    }
  }

  @Test
  @DisplayName("TAIL-7: interrupts at any moment lose no event")
  void interrupted_atAnyMoment() {
    String id = newSession();
    int events = 200;
    try (Tail tail = log().tail(id, 0)) {
      InThread<List<Event>> reader = start(() -> takeDespiteInterrupts(tail, events));
      for (int i = 0; i < events; i++) {
        reader.interrupt();
        log().append(id, event("n" + i));
        reader.interrupt();
      }
      assertThat(seqs(reader.result())).isEqualTo(range(1, events));
    }
  }

  private static List<Event> takeDespiteInterrupts(Tail tail, int events) {
    List<Event> taken = new ArrayList<>();
    while (taken.size() < events) {
      try {
        taken.add(tail.next());
      } catch (SessionLogException e) {
        assertThat(e.code()).isEqualTo(Code.CANCELLED);
        assertThat(Thread.interrupted()).isTrue();
      }
    }
    return taken;
  }

  @Test
  @DisplayName("TAIL-7: no wake-up is lost, at whatever moment of going to wait an event comes")
  void noLostWakeUp() {
    String id = newSession();
    AtomicLong seen = new AtomicLong();
    AtomicLong appendNanos = new AtomicLong();
    Tail tail = log().tail(id, 0);
    InThread<List<Event>> reader =
        start(
            () -> {
              tail.forEachRemaining(
                  event -> {
                    seen.set(event.seq());
                    // Goes to wait at about the time when the next event is published.
                    spin(ThreadLocalRandom.current().nextLong(appendNanos.get() * 3 / 2 + 1));
                  });
              return List.of();
            });
    long rounds = 0;
    long enough = System.nanoTime() + Duration.ofSeconds(2).toNanos();
    // One event at a time: a later one would wake the reader too, and hide the loss.
    while (System.nanoTime() < enough && rounds < 30_000) {
      long started = System.nanoTime();
      rounds = log().append(id, event("a")).seq();
      appendNanos.set(System.nanoTime() - started);
      while (seen.get() < rounds && !Thread.currentThread().isInterrupted()) {
        Thread.onSpinWait();
      }
      assertThat(seen).hasValue(rounds);
    }
    log().seal(id);
    reader.result();
    assertThat(seen).hasValue(rounds);
  }

  private static void spin(long nanos) {
    long until = System.nanoTime() + nanos;
    while (System.nanoTime() < until) {
      Thread.onSpinWait();
    }
  }

  @Test
  @DisplayName("TAIL-3: many readers wait at once and one append reaches them all")
  void manyWait() {
    String id = sessionOf(1);
    int tails = 40;
    List<InThread<List<Event>>> readers = new ArrayList<>();
    for (int i = 0; i < tails; i++) {
      Tail tail = log().tail(id, TailOptions.from(i % 2).withLimit(3 - i % 2));
      readers.add(start(() -> drain(tail)).untilBlocked());
    }

    append(id, 2);

    for (int i = 0; i < tails; i++) {
      assertThat(seqs(readers.get(i).result())).isEqualTo(range(1 + i % 2, 3));
    }
  }

  @Test
  @DisplayName("TAIL-7: readers that wait do not hold the carriers of virtual threads")
  void virtualThreads() throws ReflectiveOperationException, InterruptedException {
    Optional<Method> startVirtual = startVirtualThread();
    assumeTrue(startVirtual.isPresent(), "this JDK has no virtual threads: it is older than 21");
    String id = sessionOf(1);
    int readers = 200;
    CountDownLatch started = new CountDownLatch(readers);
    CountDownLatch ended = new CountDownLatch(readers);
    ConcurrentLinkedQueue<Object> outcomes = new ConcurrentLinkedQueue<>();
    for (int i = 0; i < readers; i++) {
      Runnable reader =
          () -> {
            try (Tail tail = log().tail(id, 0)) {
              tail.next();
              started.countDown();
              outcomes.add(tail.next().seq());
            } catch (RuntimeException e) {
              outcomes.add(e);
            }
            ended.countDown();
          };
      startVirtual.get().invoke(null, reader);
    }
    // Far more readers than carriers: all get here only if those that wait let go of theirs.
    started.await();

    log().append(id, event("b"));

    ended.await();
    assertThat(outcomes).hasSize(readers).containsOnly(2L);
  }

  private static Optional<Method> startVirtualThread() throws IllegalAccessException {
    try {
      Method start = Thread.class.getMethod("startVirtualThread", Runnable.class);
      // Where virtual threads are a preview, the method is there but throws.
      ((Thread) start.invoke(null, (Runnable) () -> {})).join();
      return Optional.of(start);
    } catch (NoSuchMethodException | InvocationTargetException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  @DisplayName("TAIL-7: a second reader of one tail is refused, and the first goes on")
  void oneReader() {
    String id = newSession();
    try (Tail tail = log().tail(id, 0)) {
      InThread<Event> first = start(tail::next).untilBlocked();
      failure(Code.INVALID, () -> tail.poll(Duration.ZERO));
      failure(Code.INVALID, tail::hasNext);
      append(id, 1);
      assertThat(first.result().seq()).isEqualTo(1);
      assertThat(tail.poll(Duration.ZERO)).isEmpty();
    }
  }
}
