package ai.starcite.testkit;

import ai.starcite.testkit.Faults.Kind;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Answers that are held back: for a while, or until one for another session has gone before. None
 * is held forever, and those that are held when the store is closed go out then. Thread-safe.
 */
final class HeldAnswers {
  private static final List<Kind> KINDS = List.of(Kind.DELAYED_ANSWER, Kind.REORDERED_ANSWER);

  private final FaultDraws draws;
  private final ScheduledExecutorService scheduler;
  private final Set<Held> held = ConcurrentHashMap.newKeySet();
  private final AtomicReference<Held> overtaken = new AtomicReference<>();
  private volatile boolean closed;

  HeldAnswers(FaultDraws draws, ScheduledExecutorService scheduler) {
    this.draws = draws;
    this.scheduler = scheduler;
  }

  /** An answer that goes out once. */
  private final class Held {
    private final String sessionId;
    private final Runnable answer;
    private final AtomicBoolean gone = new AtomicBoolean();

    Held(String sessionId, Runnable answer) {
      this.sessionId = sessionId;
      this.answer = answer;
    }

    void go() {
      if (gone.compareAndSet(false, true)) {
        held.remove(this);
        overtaken.compareAndSet(this, null);
        answer.run();
      }
    }
  }

  /** Lets an answer pass, or holds it. What is drawn is drawn now, in the order of the calls. */
  <T> CompletionStage<T> pass(String sessionId, CompletionStage<T> answer) {
    Kind kind = closed ? null : draws.draw(KINDS);
    if (kind == null) {
      return overtaken.get() == null ? answer : answer.whenComplete((t, e) -> overtake(sessionId));
    }
    long nanos = kind == Kind.DELAYED_ANSWER ? draws.delayNanos() : draws.longestDelayNanos();
    CompletableFuture<T> later = new CompletableFuture<>();
    answer.whenComplete(
        (value, failure) -> {
          Held each = new Held(sessionId, () -> complete(later, value, failure));
          held.add(each);
          if (kind == Kind.REORDERED_ANSWER && !overtaken.compareAndSet(null, each)) {
            overtake(sessionId);
          }
          after(nanos, each::go);
          if (closed) {
            each.go();
          }
        });
    return later;
  }

  private static <T> void complete(CompletableFuture<T> future, T value, Throwable failure) {
    if (failure != null) {
      future.completeExceptionally(failure);
    } else {
      future.complete(value);
    }
  }

  /** Lets go what waits for an answer of another session, such as this one. */
  private void overtake(String sessionId) {
    Held first = overtaken.get();
    if (first != null && !first.sessionId.equals(sessionId)) {
      after(0, first::go);
    }
  }

  /** Does something later; or never, if the store is closed before. */
  void later(Runnable task) {
    after(
        draws.delayNanos(),
        () -> {
          if (!closed) {
            task.run();
          }
        });
  }

  private void after(long nanos, Runnable task) {
    try {
      scheduler.schedule(task, nanos, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      // The store is being closed, which lets everything go that is held.
    }
  }

  /** Lets everything go, and holds nothing from now on. */
  void close() {
    closed = true;
    held.forEach(Held::go);
  }
}
