package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.AppendResult;
import ai.starcite.Event;
import ai.starcite.NewEvent;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.TailOptions;
import ai.starcite.spi.SegmentStore;
import ai.starcite.store.memory.MemorySegmentStore;
import java.util.Collections;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A log whose executor runs tasks at once, on the thread that has the news. */
class DirectExecutorTest extends AppendFixture {
  private static final long WATCHDOG_SECONDS = 30;

  /** As the stack of a thread goes that is given little. */
  private static final long SMALL_STACK = 256 << 10;

  @Override
  protected SegmentStore openStore() {
    return MemorySegmentStore.open();
  }

  @BeforeEach
  void runTasksAtOnce() {
    settings(builder -> builder.executor(Runnable::run));
  }

  /** Takes all there is, in order, and calls someone with each event and with the end. */
  private static final class Taker implements Flow.Subscriber<Event> {
    private final Consumer<Event> onEvent;
    private final Runnable onEnd;
    private final AtomicLong last = new AtomicLong();
    private final CompletableFuture<Long> taken = new CompletableFuture<>();

    Taker(Consumer<Event> onEvent, Runnable onEnd) {
      this.onEvent = onEvent;
      this.onEnd = onEnd;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(Event event) {
      assertThat(event.seq()).isEqualTo(last.get() + 1);
      last.set(event.seq());
      onEvent.accept(event);
    }

    @Override
    public void onError(Throwable failure) {
      onEnd.run();
      taken.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      onEnd.run();
      taken.complete(last.get());
    }
  }

  private static Thread start(Runnable task) {
    Thread thread = new Thread(null, task, "small", SMALL_STACK);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  @Test
  @DisplayName("TAIL-7: a subscriber takes any number of events on a small stack")
  void takesMany() throws Exception {
    String id = newSession();
    long events = 0;
    for (int i = 0; i < 20; i++) {
      events += log().appendAll(id, Collections.nCopies(10_000, event("x"))).size();
    }
    log().seal(id);
    Taker taker = new Taker(event -> {}, () -> {});

    start(() -> log().publisher(id, TailOptions.from(0)).subscribe(taker));

    assertThat(taker.taken.get(WATCHDOG_SECONDS, TimeUnit.SECONDS)).isEqualTo(events);
  }

  @Test
  @DisplayName("TAIL-7: a subscriber that is told of a deletion may call the log")
  void callsAtTheEnd() throws Exception {
    String id = newSession();
    CompletableFuture<CompletableFuture<AppendResult>> late = new CompletableFuture<>();
    Taker taker =
        new Taker(event -> {}, () -> late.complete(log().appendAsync(id, event("too late"))));
    log().publisher(id, TailOptions.from(0)).subscribe(taker);

    Thread deleting = start(() -> log().delete(id));

    ExecutionException failure =
        Assertions.catchThrowableOfType(
            ExecutionException.class,
            () ->
                late.get(WATCHDOG_SECONDS, TimeUnit.SECONDS)
                    .get(WATCHDOG_SECONDS, TimeUnit.SECONDS));
    assertThat(failure.getCause())
        .isInstanceOfSatisfying(
            SessionLogException.class,
            told -> assertThat(told.code()).isEqualTo(Code.SESSION_NOT_FOUND));
    deleting.join(TimeUnit.SECONDS.toMillis(WATCHDOG_SECONDS));
    assertThat(deleting.isAlive()).as("deleting").isFalse();
  }

  @Test
  @DisplayName("TAIL-7: subscribers to two sessions may append to each other's at once")
  void appendToEachOther() throws Exception {
    String one = newSession();
    String other = newSession();
    CountDownLatch both = new CountDownLatch(2);
    CountDownLatch appended = new CountDownLatch(2);
    // Either has an event of its own session in its hand when it appends to the other one.
    log().publisher(one, TailOptions.from(0)).subscribe(crossing(other, both, appended));
    log().publisher(other, TailOptions.from(0)).subscribe(crossing(one, both, appended));

    start(() -> log().append(one, event("first")));
    start(() -> log().append(other, event("first")));

    assertThat(appended.await(WATCHDOG_SECONDS, TimeUnit.SECONDS)).as("both have").isTrue();
  }

  private Taker crossing(String to, CountDownLatch both, CountDownLatch appended) {
    NewEvent answer = event("answer");
    return new Taker(
        event -> {
          if (event.seq() == 1) {
            both.countDown();
            awaitQuietly(both);
            log().appendAsync(to, answer).thenRun(appended::countDown);
          }
        },
        () -> {});
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(WATCHDOG_SECONDS, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
