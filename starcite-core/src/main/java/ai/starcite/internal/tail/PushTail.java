package ai.starcite.internal.tail;

import ai.starcite.Cursor;
import ai.starcite.Event;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.TailEnd;
import ai.starcite.TailOptions;
import ai.starcite.TailSubscription;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A tail that hands its events to a sink on an executor, as far as they are asked for: both faces
 * that push. It takes a thread only while there is something to hand over.
 *
 * <p>Each piece of news counts a signal; the one that finds none before it has the tail run, and a
 * run goes on until it has seen all signals. So there is one run at a time, and none is missed.
 */
final class PushTail implements TailSubscription, Flow.Subscription, Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(PushTail.class);

  /** After so many events other tails get their turn on the executor. */
  private static final int BURST = 256;

  private final String incarnation;
  private final TailCursor cursor;
  private final Executor executor;
  private final Executor fallback;
  private final AtomicLong demand = new AtomicLong();
  private final AtomicInteger signals = new AtomicInteger();
  private volatile long handled;
  private volatile boolean wrongRequest;

  /** Null when the tail is over: a subscriber must not be kept. */
  private @Nullable Sink sink;

  private boolean begun;

  /**
   * A tail that waits for its start.
   *
   * @param executor runs the sink
   * @param fallback has the sink told that its executor takes no tasks
   */
  PushTail(
      OpenedTail opened,
      TailOptions options,
      Sink sink,
      Executor executor,
      Executor fallback,
      Consumer<TailEnd> onEnd) {
    this.incarnation = opened.head().key().incarnation();
    this.cursor = new TailCursor(opened, options, this::signal, onEnd);
    this.handled = opened.cursor();
    this.sink = sink;
    this.executor = executor;
    this.fallback = fallback;
  }

  /** Has the sink begin. */
  PushTail start() {
    signal();
    return this;
  }

  @Override
  public void request(long events) {
    if (events < 1) {
      wrongRequest = true;
    } else {
      demand.updateAndGet(now -> now + events < 0 ? Long.MAX_VALUE : now + events);
    }
    signal();
  }

  @Override
  public void cancel() {
    close();
  }

  @Override
  public void close() {
    cursor.close();
  }

  @Override
  public Cursor cursor() {
    return Cursor.of(handled, incarnation);
  }

  @Override
  public Optional<TailEnd> end() {
    return Optional.ofNullable(cursor.end());
  }

  private void signal() {
    if (signals.getAndIncrement() == 0) {
      submit(this);
    }
  }

  private void submit(Runnable task) {
    try {
      executor.execute(task);
    } catch (RuntimeException | Error e) {
      // Whatever it is: this may be a thread of the log, which has others to wake.
      cursor.endBy(
          TailEnd.READER_FAILED,
          new SessionLogException(
              Code.CANCELLED, "the executor of the tail takes no more tasks; give it another", e));
      try {
        fallback.execute(task);
      } catch (RuntimeException | Error closed) {
        // The log is closing, most likely, and nobody else will tell the sink.
        task.run();
      }
    }
  }

  @Override
  public void run() {
    int seen = signals.get();
    while (true) {
      Sink to = sink;
      if (to == null) {
        return;
      }
      if (handOver(to)) {
        Turn next = new Turn();
        submit(next);
        if (!next.isHere()) {
          return;
        }
      } else if (sink == null) {
        // Over: signals stay counted, so that there is no other run.
        return;
      } else {
        seen = signals.addAndGet(-seen);
        if (seen == 0) {
          return;
        }
      }
    }
  }

  /**
   * The next turn of this tail on the executor. Where that runs tasks at once, the turn before goes
   * on instead, so that the stack does not grow with the number of events.
   */
  private final class Turn implements Runnable {
    private final Thread asker = Thread.currentThread();

    // Of these the thread that asked for the turn knows alone.
    private boolean asked;
    private boolean here;

    @Override
    public void run() {
      if (Thread.currentThread() == asker && !asked) {
        here = true;
      } else {
        PushTail.this.run();
      }
    }

    /** Whether the turn came at once, and is the caller's; asked once, when it is submitted. */
    boolean isHere() {
      asked = true;
      return here;
    }
  }

  /** Hands over what there is and is asked for; true if it stopped to let others have a turn. */
  private boolean handOver(Sink to) {
    try {
      if (!begun) {
        begun = true;
        to.begin(this);
      }
      for (int given = 0; given < BURST; given++) {
        if (wrongRequest) {
          throw new IllegalArgumentException(
              "a subscriber requested less than one event (Reactive Streams, rule 3.9)");
        }
        long wanted = demand.get();
        Event event = wanted == 0 ? null : cursor.next();
        if (event == null) {
          await(to, wanted);
          return false;
        }
        to.event(event);
        handled = event.seq();
        if (wanted != Long.MAX_VALUE) {
          demand.decrementAndGet();
        }
      }
      return true;
    } catch (Throwable e) {
      cursor.endBy(TailEnd.READER_FAILED, null);
      end(to, e);
      return false;
    }
  }

  private void await(Sink to, long wanted) {
    TailEnd end = wanted == 0 ? cursor.endIfOver() : cursor.end();
    if (end != null) {
      end(to, cursor.failure());
      return;
    }
    handled = cursor.cursor();
    if (wanted == 0) {
      cursor.awaitEnd();
    } else {
      cursor.await();
    }
  }

  private void end(Sink to, @Nullable Throwable failure) {
    TailEnd end = cursor.end();
    if (end != TailEnd.READER_FAILED && end != TailEnd.CLOSED) {
      handled = cursor.cursor();
    }
    sink = null;
    try {
      to.end(end, failure);
    } catch (Throwable e) {
      LOG.warn("the reader of a tail failed when it was told how the tail ended", e);
    }
  }
}
