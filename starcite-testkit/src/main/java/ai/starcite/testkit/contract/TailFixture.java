package ai.starcite.testkit.contract;

import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.Refs;
import ai.starcite.Tail;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;

/** What the tests of tails have beside a log: readers on threads of their own. */
abstract class TailFixture extends LogFixture {
  private static final long GLANCE_NANOS = 100_000;

  /** A new session without events. */
  protected final String newSession() {
    return log().create(NewSession.unnamed()).id();
  }

  /** A new session with so many events, one batch. */
  protected final String sessionOf(int events) {
    String id = newSession();
    append(id, events);
    return id;
  }

  /** Appends so many events in one batch. */
  protected final void append(String sessionId, int events) {
    List<NewEvent> batch = new ArrayList<>();
    for (int i = 0; i < events; i++) {
      batch.add(event("e" + i));
    }
    log().appendAll(sessionId, batch);
  }

  /** Events that have all fields, and some that have none but those required. */
  protected static List<NewEvent> variedEvents() {
    Json odd = Json.parse("{ \"n\" : 1.0e2 , \"s\":\"\\u00e9\\ud83d\\ude00 \u00e9\" ,\"a\":[ ]}");
    return List.of(
        NewEvent.of("content", odd)
            .withAgent("drafter")
            .withSource("\u6e90")
            .withMetadata(Json.parse("{\"k\" : [1, 2] }"))
            .withRefs(Refs.to(1))
            .withIdempotencyKey("key-1")
            .withProducer("p1", 7),
        NewEvent.of("status", Json.parse("{}")),
        NewEvent.of("content", odd).withActor("user:u1").withProducer("p1", 8),
        NewEvent.of("tool_call", Json.parse("{\"call_id\":\"c\"}"))
            .withRefs(Json.parse("{\"to_seq\":1, \"own\" : null}")));
  }

  /** The next events of a tail, which waits for them. */
  protected static List<Event> take(Tail tail, int events) {
    List<Event> taken = new ArrayList<>();
    while (taken.size() < events) {
      taken.add(tail.next());
    }
    return taken;
  }

  /** What a tail delivers until it is complete. */
  protected static List<Event> drain(Tail tail) {
    List<Event> events = new ArrayList<>();
    tail.forEachRemaining(events::add);
    return events;
  }

  /** The seqs of events. */
  protected static List<Long> seqs(List<Event> events) {
    return events.stream().map(Event::seq).toList();
  }

  /** All numbers of a range, both ends included. */
  protected static List<Long> range(long first, long last) {
    return LongStream.rangeClosed(first, last).boxed().toList();
  }

  /** Looks again and again; the time-out of the test ends what never comes true. */
  protected static void waitUntil(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      if (Thread.currentThread().isInterrupted()) {
        throw new AssertionError("interrupted while waiting for a condition");
      }
      LockSupport.parkNanos(GLANCE_NANOS);
    }
  }

  /** Starts something on a thread of its own. */
  protected static <T> InThread<T> start(Callable<T> task) {
    return new InThread<>(task);
  }

  /** Something that runs on a thread of its own. */
  protected static final class InThread<T> {
    private final FutureTask<T> task;
    private final Thread thread;

    private InThread(Callable<T> callable) {
      task = new FutureTask<>(callable);
      thread = new Thread(task, "test-reader");
      thread.setDaemon(true);
      thread.start();
    }

    /** Waits until the thread waits for something itself. */
    InThread<T> untilBlocked() {
      waitUntil(() -> task.isDone() || isWaiting());
      if (task.isDone()) {
        throw new AssertionError("it did not wait, but ended with " + outcome());
      }
      return this;
    }

    private boolean isWaiting() {
      Thread.State state = thread.getState();
      return state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
    }

    /** Interrupts the thread. */
    void interrupt() {
      thread.interrupt();
    }

    /** Whether it is over. */
    boolean isDone() {
      return task.isDone();
    }

    /** What it returned, or throws what it threw. */
    T result() {
      Object outcome = outcome();
      if (outcome instanceof RuntimeException e) {
        throw e;
      }
      if (outcome instanceof Throwable e) {
        throw new AssertionError(e);
      }
      @SuppressWarnings("unchecked")
      T result = (T) outcome;
      return result;
    }

    private Object outcome() {
      try {
        return task.get();
      } catch (ExecutionException e) {
        return e.getCause();
      } catch (InterruptedException e) {
        throw new AssertionError("interrupted", e);
      }
    }
  }
}
