package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.AppendOptions;
import ai.starcite.AppendResult;
import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.LogObserver;
import ai.starcite.NewEvent;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;

/** What the tests of appending have beside a log. */
abstract class AppendFixture extends LogFixture {
  private static final long PATIENCE_SECONDS = 30;

  /** The event of a producer's number; of the same number, the same content. */
  protected static NewEvent numbered(String producerId, long number) {
    return event(producerId + number).withProducer(producerId, number);
  }

  /** Another event of the same number. */
  protected static NewEvent forged(String producerId, long number) {
    return event("not " + producerId + number).withProducer(producerId, number);
  }

  /** The events of a producer's numbers, in order. */
  protected static List<NewEvent> numbered(String producerId, long first, long last) {
    List<NewEvent> events = new ArrayList<>();
    for (long number = first; number <= last; number++) {
      events.add(numbered(producerId, number));
    }
    return events;
  }

  /** An event of about so many bytes. */
  protected static NewEvent sized(int bytes) {
    NewEvent empty = event("");
    return event("x".repeat((int) (bytes - empty.size())));
  }

  /** The demand for a last seq. */
  protected static AppendOptions expecting(long lastSeq) {
    return AppendOptions.defaults().withExpectedSeq(lastSeq);
  }

  /** The result of an event that is new and the last one. */
  protected static AppendResult appended(long seq) {
    return new AppendResult(seq, seq, false);
  }

  /** The result of an event that was there already. */
  protected static AppendResult deduped(long seq, long lastSeq) {
    return new AppendResult(seq, lastSeq, true);
  }

  /** What a session's events say, in order; checks that their seqs have no holes. */
  protected final List<String> texts(String sessionId) {
    List<Event> events = read(sessionId);
    assertThat(events)
        .extracting(Event::seq)
        .as("seqs")
        .containsExactlyElementsOf(LongStream.rangeClosed(1, events.size()).boxed().toList());
    return events.stream().map(AppendFixture::text).toList();
  }

  /** What an event says. */
  protected static String text(Event event) {
    Json text = event.payload().members().get("text");
    return text == null ? event.payload().toString() : text.as(String.class);
  }

  /** The result of a future that must succeed. */
  protected static <T> T await(Future<T> future) {
    try {
      return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("no result: " + e, e);
    }
  }

  /** The exception of a future that must fail with a code. */
  protected static SessionLogException failure(Code code, Future<?> future) {
    return failure(
        code,
        () -> {
          try {
            future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
          } catch (ExecutionException e) {
            throw e.getCause();
          }
        });
  }

  /** Runs something on a thread of its own. */
  protected static <T> FutureTask<T> start(Callable<T> task) {
    FutureTask<T> future = new FutureTask<>(task);
    Thread thread = new Thread(future, "test");
    thread.setDaemon(true);
    thread.start();
    return future;
  }

  /** Waits until something is so. */
  protected static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("waited in vain until " + what);
      }
      LockSupport.parkNanos(200_000);
    }
  }

  /** Gives the state of sessions as little memory as can be, and counts those that are closed. */
  final AtomicInteger evictSoon() {
    AtomicInteger evicted = new AtomicInteger();
    settings(
        builder ->
            builder
                .sessionCacheBytes(1 << 20)
                .observer(
                    new LogObserver() {
                      @Override
                      public void onSessionEvicted(String sessionId) {
                        evicted.incrementAndGet();
                      }
                    }));
    return evicted;
  }
}
