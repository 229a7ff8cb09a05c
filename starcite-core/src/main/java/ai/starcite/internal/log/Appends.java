package ai.starcite.internal.log;

import ai.starcite.AppendOptions;
import ai.starcite.AppendResult;
import ai.starcite.NewEvent;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.internal.AppendListener;
import ai.starcite.internal.Limits;
import ai.starcite.internal.append.AppendCall;
import ai.starcite.internal.append.AppendFuture;
import ai.starcite.internal.append.ByteBudget;
import ai.starcite.internal.append.Completions;
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
 * The public edge of appending: checks the arguments, waits for a share of the budget, hands the
 * call to its session, and waits for the outcome or withdraws the call in time. Thread-safe.
 */
public final class Appends {
  private static final Logger LOG = LoggerFactory.getLogger(Appends.class);

  /** The longest that a call can be on its way from one session to the next. */
  private static final long ON_ITS_WAY_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final OpenSessions sessions;
  private final CommitContext context;
  private final int maxEventBytes;
  private final long timeoutNanos;

  /**
   * How many stored bytes may wait for slow callbacks. It does not bound blocking appends, so that
   * a callback may append without waiting for itself.
   */
  private final long maxUndelivered;

  /** Appends to the sessions of a log. */
  public Appends(
      OpenSessions sessions,
      CommitContext context,
      int maxEventBytes,
      long timeoutNanos,
      long maxUndelivered) {
    this.sessions = sessions;
    this.context = context;
    this.maxEventBytes = maxEventBytes;
    this.timeoutNanos = timeoutNanos;
    this.maxUndelivered = maxUndelivered;
  }

  /** Appends events atomically and waits until they are durable. */
  public List<AppendResult> append(String sessionId, List<NewEvent> events, AppendOptions options) {
    AppendCall call = call(sessionId, events, options, null);
    context.completions().expectOne();
    boolean admitted = false;
    try {
      ByteBudget.Share share = sessions.session(sessionId).share();
      admitted =
          !Thread.currentThread().isInterrupted()
              && context.budget().acquire(share, call.charge(), call.deadline());
      if (admitted) {
        call.charged(share);
      }
    } catch (Error e) {
      throw Completions.unexpected(e);
    } finally {
      if (!admitted) {
        context.completions().answered(1);
      }
    }
    if (!admitted) {
      context.observer().onAppendFailed(sessionId, Code.CANCELLED);
      throw CallOutcomes.cancelled(
          Thread.currentThread().isInterrupted()
              ? "was interrupted"
              : "timed out waiting for others to be stored");
    }
    return submitAndAwait(sessionId, call);
  }

  /** Appends events atomically without waiting. */
  public <T> CompletableFuture<T> appendAsync(
      String sessionId,
      List<NewEvent> events,
      AppendOptions options,
      Function<List<AppendResult>, T> result) {
    AppendFuture<T> future = new AppendFuture<>(result);
    appendAsync(sessionId, events, options, future);
    return future;
  }

  /** Appends events atomically without waiting; the future is told how that ends. */
  void appendAsync(
      String sessionId, List<NewEvent> events, AppendOptions options, AppendFuture<?> future) {
    AppendCall call = call(sessionId, events, options, future);
    context.completions().expectOne();
    try {
      OpenSession session = sessions.session(sessionId);
      String full = full(session.share(), call);
      if (full == null) {
        call.charged(session.share());
        future.onCancel(
            () -> {
              StackRoom.require();
              withdraw(call, "was cancelled");
              if (call.isDone()) {
                call.wake();
                call.complete();
              }
            });
        submit(sessionId, call);
      } else {
        session.turnedAway(call);
        context.observer().onAppendFailed(sessionId, Code.BACKPRESSURE);
        context.completions().answered(1);
        future.fail(
            new SessionLogException(Code.BACKPRESSURE, full + ", or raise maxPendingBytes"));
      }
    } catch (RuntimeException | Error e) {
      endIfLost(call, e);
    }
  }

  /** Takes room for a call; if there is none, says why. */
  private @Nullable String full(ByteBudget.Share share, AppendCall call) {
    if (context.completions().undelivered() > maxUndelivered) {
      return "callbacks are slow, and too many futures wait to be completed; wait for them, give"
          + " the log an executor with more threads";
    }
    return context.budget().tryAcquire(share, call.charge())
        ? null
        : "too many bytes wait to be stored; wait for earlier appends";
  }

  /** Hands a call to its session; whatever happens, it gets an outcome. */
  private void submit(String sessionId, AppendCall call) {
    try {
      sessions.submit(sessionId, call);
    } catch (RuntimeException | Error e) {
      endIfLost(call, e);
    }
  }

  /** Ends a call that no session has after an error; a session that has it ends it in time. */
  private void endIfLost(AppendCall call, Throwable error) {
    if (call.place() == null) {
      context.completions().endLost(call, error, context.budget());
    } else if (!call.isDone()) {
      LOG.error("an error that nobody foresaw, while an append was under way", error);
    }
  }

  /** Seals a session and waits until that is durable. */
  public void seal(String sessionId, String incarnation) {
    run(
        sessionId,
        callWithoutEvents(true, AppendOptions.defaults().withIncarnation(incarnation), null));
  }

  /**
   * Waits until all that was appended before has an outcome, and a shared session is up to date.
   */
  public void barrier(String sessionId) {
    barrier(sessionId, AppendOptions.defaults());
  }

  /** As {@link #barrier(String)}, for a time-out and an incarnation. */
  public void barrier(String sessionId, AppendOptions options) {
    try {
      run(sessionId, callWithoutEvents(false, options, null));
    } catch (SessionLogException e) {
      throw barrierFailure(sessionId, e);
    }
  }

  /** As {@link #barrier}, without waiting. */
  public CompletableFuture<Void> barrierAsync(String sessionId, AppendOptions options) {
    context.completions().expectOne();
    AppendFuture<@Nullable Void> future = new AppendFuture<>(results -> null);
    submit(sessionId, callWithoutEvents(false, options, future));
    return future.exceptionally(
        failure -> {
          throw barrierFailure(sessionId, StoreFailures.of(failure));
        });
  }

  /** As {@link #barrierAsync}; needs no thread of the executor, and completes on the waker. */
  CompletableFuture<Void> barrierOnWaker(String sessionId, AppendOptions options) {
    CompletableFuture<Void> passed = new CompletableFuture<>();
    AppendFuture<@Nullable Void> future = new AppendFuture<>(results -> null);
    future.listener(
        new AppendListener() {
          @Override
          public void stored() {
            context.waker().execute(() -> passed.complete(null));
          }

          @Override
          public SessionLogException failed(SessionLogException failure) {
            SessionLogException told = barrierFailure(sessionId, failure);
            context.waker().execute(() -> passed.completeExceptionally(told));
            return told;
          }
        });
    context.completions().expectOne();
    submit(sessionId, callWithoutEvents(false, options, future));
    return passed;
  }

  private static SessionLogException barrierFailure(String sessionId, SessionLogException e) {
    if (e.code() != Code.CANCELLED) {
      return e;
    }
    if (Thread.currentThread().isInterrupted()) {
      return new SessionLogException(
          Code.CANCELLED, "interrupted while waiting for what was appended before", e);
    }
    return new SessionLogException(
        Code.STORE_UNAVAILABLE,
        "what was appended to session %s before has no outcome in time; try again"
            .formatted(sessionId),
        e);
  }

  private void run(String sessionId, AppendCall call) {
    context.completions().expectOne();
    submitAndAwait(sessionId, call);
  }

  /** A call without events, which is done when every call before it is. */
  private AppendCall callWithoutEvents(
      boolean seal, AppendOptions options, @Nullable AppendFuture<?> future) {
    return new AppendCall(
        List.of(), -1, seal, options.incarnation().orElse(null), deadline(options), future);
  }

  private long deadline(AppendOptions options) {
    return context.waits().nanoTime() + options.timeout().map(Limits::nanos).orElse(timeoutNanos);
  }

  private AppendCall call(
      String sessionId,
      List<NewEvent> events,
      AppendOptions options,
      @Nullable AppendFuture<?> future) {
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
    AppendCall call =
        new AppendCall(
            copy,
            options.expectedSeq().orElse(-1),
            options.seal(),
            options.incarnation().orElse(null),
            deadline(options),
            future);
    if (call.bytes() > Limits.BATCH_BYTES) {
      throw Limits.invalid(
          "the batch is "
              + call.bytes()
              + " bytes; at most "
              + Limits.BATCH_BYTES
              + " are allowed");
    }
    return call;
  }

  private List<AppendResult> submitAndAwait(String sessionId, AppendCall call) {
    submit(sessionId, call);
    boolean interrupted = false;
    while (!call.isDone()) {
      long left = call.deadline() - context.waits().nanoTime();
      interrupted |= Thread.interrupted();
      if (left <= 0 || interrupted) {
        withdraw(call, interrupted ? "was interrupted" : "timed out");
      } else {
        context.waits().park(call, left);
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return call.results();
  }

  private void withdraw(AppendCall call, String why) {
    long began = context.waits().nanoTime();
    while (!call.isDone()) {
      AppendCall.Place place = call.place();
      if (place == null) {
        // On its way from one session to the next: on this thread, if a callback cancels.
        if (call.isAsync() && context.waits().nanoTime() - began > ON_ITS_WAY_NANOS) {
          return;
        }
        Thread.onSpinWait();
      } else {
        place.withdraw(why);
      }
    }
  }
}
