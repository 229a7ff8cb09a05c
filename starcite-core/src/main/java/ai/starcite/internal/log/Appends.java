package ai.starcite.internal.log;

import ai.starcite.AppendOptions;
import ai.starcite.AppendResult;
import ai.starcite.NewEvent;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.internal.Limits;
import ai.starcite.internal.append.AppendCall;
import ai.starcite.internal.append.AppendFuture;
import ai.starcite.internal.append.ByteBudget;
import ai.starcite.internal.commit.CallOutcomes;
import ai.starcite.internal.commit.CommitContext;
import ai.starcite.internal.open.OpenSession;
import ai.starcite.internal.open.OpenSessions;
import ai.starcite.internal.store.StoreFailures;
import ai.starcite.internal.threads.StackRoom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The public edge of appending: checks the arguments, waits for a share of the budget, hands the op
 * to its session's writer, and waits for the answer or withdraws the op in time. Thread-safe.
 */
public final class Appends {
  private static final Logger LOG = LoggerFactory.getLogger(Appends.class);

  /** How long an op is on its way from one writer to the next, at the most. */
  private static final long ON_ITS_WAY_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final OpenSessions writers;
  private final CommitContext context;
  private final int maxEventBytes;
  private final long timeoutNanos;

  /**
   * How many bytes may be stored and wait for slow callbacks. Blocking appends do not heed it, so
   * that a callback may append without waiting for itself.
   */
  private final long maxUndelivered;

  /** An appender to the sessions of some writers. */
  public Appends(
      OpenSessions writers,
      CommitContext context,
      int maxEventBytes,
      long timeoutNanos,
      long maxUndelivered) {
    this.writers = writers;
    this.context = context;
    this.maxEventBytes = maxEventBytes;
    this.timeoutNanos = timeoutNanos;
    this.maxUndelivered = maxUndelivered;
  }

  /** Appends events atomically and waits until they are durable. */
  public List<AppendResult> append(String sessionId, List<NewEvent> events, AppendOptions options) {
    AppendCall op = op(sessionId, events, options, null);
    context.answers().expectOne();
    boolean admitted = false;
    try {
      ByteBudget.Share share = writers.writer(sessionId).share();
      admitted =
          !Thread.currentThread().isInterrupted()
              && context.budget().acquire(share, op.charge, op.deadline);
      op.share = admitted ? share : null;
    } catch (Error e) {
      throw CallOutcomes.unexpected(e);
    } finally {
      if (!admitted) {
        context.answers().answered(1);
      }
    }
    if (!admitted) {
      context.observer().appendFailed(sessionId, Code.CANCELLED);
      throw CallOutcomes.cancelled(
          Thread.currentThread().isInterrupted()
              ? "was interrupted"
              : "timed out waiting for others to be stored");
    }
    return submitAndAwait(sessionId, op);
  }

  /** Appends events atomically without waiting. */
  public <T> CompletableFuture<T> appendAsync(
      String sessionId,
      List<NewEvent> events,
      AppendOptions options,
      Function<List<AppendResult>, T> result) {
    AppendFuture.Of<T> future = new AppendFuture.Of<>(result);
    AppendCall op = op(sessionId, events, options, future);
    context.answers().expectOne();
    try {
      OpenSession writer = writers.writer(sessionId);
      String full = full(writer.share(), op);
      if (full == null) {
        op.share = writer.share();
        future.onCancel(
            () -> {
              StackRoom.require();
              withdraw(op, "was cancelled");
              if (op.isDone()) {
                op.wake();
                op.complete();
              }
            });
        submit(sessionId, op);
      } else {
        writer.turnedAway(op);
        context.observer().appendFailed(sessionId, Code.BACKPRESSURE);
        context.answers().answered(1);
        future.fail(
            new SessionLogException(Code.BACKPRESSURE, full + ", or raise maxPendingBytes"));
      }
    } catch (RuntimeException | Error e) {
      endIfLost(op, e);
    }
    return future;
  }

  /** Takes room for an op; if there is none, says why. */
  private @Nullable String full(ByteBudget.Share share, AppendCall op) {
    if (context.answers().undelivered() > maxUndelivered) {
      return "callbacks are slow, and too many futures wait to be completed; wait for them, give"
          + " the log an executor with more threads";
    }
    return context.budget().tryAcquire(share, op.charge)
        ? null
        : "too many bytes wait to be stored; wait for earlier appends";
  }

  /** Hands an op to its session; whatever happens, it has an outcome sooner or later. */
  private void submit(String sessionId, AppendCall op) {
    try {
      writers.submit(sessionId, op);
    } catch (RuntimeException | Error e) {
      endIfLost(op, e);
    }
  }

  /** Ends an op that no session has after an error; one that has it ends it in time. */
  private void endIfLost(AppendCall op, Throwable error) {
    if (op.writer == null) {
      context.endLost(op, error);
    } else if (!op.isDone()) {
      LOG.error("an error that nobody foresaw, while an append was under way", error);
    }
  }

  /** Seals a session and waits until that is durable. */
  public void seal(String sessionId, String incarnation) {
    run(sessionId, settlement(true, AppendOptions.none().withIncarnation(incarnation), null));
  }

  /** Waits until all that was appended before is settled, and a shared session is up to date. */
  public void settle(String sessionId) {
    settle(sessionId, AppendOptions.none());
  }

  /** As {@link #settle(String)}, for a time-out and an incarnation. */
  public void settle(String sessionId, AppendOptions options) {
    try {
      run(sessionId, settlement(false, options, null));
    } catch (SessionLogException e) {
      throw unsettled(sessionId, e);
    }
  }

  /** As {@link #settle}, without waiting. */
  public CompletableFuture<Void> settleAsync(String sessionId, AppendOptions options) {
    context.answers().expectOne();
    AppendFuture.Of<@Nullable Void> future = new AppendFuture.Of<>(results -> null);
    submit(sessionId, settlement(false, options, future));
    return future.exceptionally(
        failure -> {
          throw unsettled(sessionId, StoreFailures.of(failure));
        });
  }

  private static SessionLogException unsettled(String sessionId, SessionLogException e) {
    if (e.code() != Code.CANCELLED) {
      return e;
    }
    if (Thread.currentThread().isInterrupted()) {
      return new SessionLogException(
          Code.CANCELLED, "interrupted while waiting for what was appended before", e);
    }
    return new SessionLogException(
        Code.STORE_UNAVAILABLE,
        "the store has not settled in time what was appended to session %s before; try again"
            .formatted(sessionId),
        e);
  }

  private void run(String sessionId, AppendCall op) {
    context.answers().expectOne();
    submitAndAwait(sessionId, op);
  }

  /** An op without events, which is done when all before it is. */
  private AppendCall settlement(
      boolean seal, AppendOptions options, @Nullable AppendFuture future) {
    return new AppendCall(
        List.of(), -1, seal, options.incarnation().orElse(null), deadline(options), future);
  }

  private long deadline(AppendOptions options) {
    return context.waits().nanoTime() + options.timeout().map(Limits::nanos).orElse(timeoutNanos);
  }

  private AppendCall op(
      String sessionId,
      List<NewEvent> events,
      AppendOptions options,
      @Nullable AppendFuture future) {
    Limits.requireSessionId(sessionId);
    Objects.requireNonNull(events, "events");
    Objects.requireNonNull(options, "options");
    if (events.isEmpty() || events.size() > Limits.BATCH_EVENTS) {
      throw Limits.invalid(
          "the batch has " + events.size() + " events; it must have 1 to " + Limits.BATCH_EVENTS);
    }
    List<NewEvent> copy = new ArrayList<>(events);
    Set<List<Object>> pairs = copy.size() > 1 ? new HashSet<>() : Set.of();
    for (NewEvent event : copy) {
      Objects.requireNonNull(event, "event");
      if (event.size() > maxEventBytes) {
        throw Limits.invalid(
            "the event is "
                + event.size()
                + " bytes; at most "
                + maxEventBytes
                + " are allowed: store what is large elsewhere and append where it is");
      }
      if (copy.size() > 1
          && event.producerId().isPresent()
          && !pairs.add(List.of(event.producerId().get(), event.producerSeq().getAsLong()))) {
        throw Limits.invalid(
            "the batch has number %d of producer %s twice"
                .formatted(event.producerSeq().getAsLong(), event.producerId().get()));
      }
    }
    AppendCall op =
        new AppendCall(
            copy,
            options.expectedSeq().orElse(-1),
            options.seal(),
            options.incarnation().orElse(null),
            deadline(options),
            future);
    if (op.bytes > Limits.BATCH_BYTES) {
      throw Limits.invalid(
          "the batch is " + op.bytes + " bytes; at most " + Limits.BATCH_BYTES + " are allowed");
    }
    return op;
  }

  private List<AppendResult> submitAndAwait(String sessionId, AppendCall op) {
    submit(sessionId, op);
    boolean interrupted = false;
    while (!op.isDone()) {
      long left = op.deadline - context.waits().nanoTime();
      interrupted |= Thread.interrupted();
      if (left <= 0 || interrupted) {
        withdraw(op, interrupted ? "was interrupted" : "timed out");
      } else {
        context.waits().park(op, left);
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return op.results();
  }

  private void withdraw(AppendCall op, String why) {
    long began = context.waits().nanoTime();
    while (!op.isDone()) {
      OpenSession writer = op.writer;
      if (writer == null) {
        // On its way from one writer to the next: on this thread, if a callback cancels.
        if (op.isAsync() && context.waits().nanoTime() - began > ON_ITS_WAY_NANOS) {
          return;
        }
        Thread.onSpinWait();
      } else {
        writer.withdraw(op, why);
      }
    }
  }
}
