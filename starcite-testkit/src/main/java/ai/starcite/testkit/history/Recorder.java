package ai.starcite.testkit.history;

import ai.starcite.AppendResult;
import ai.starcite.SessionLog;
import ai.starcite.testkit.history.RecordedCall.Caller;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The records of a {@link History}. Thread-safe. */
final class Recorder {
  private final LongSupplier moments;
  private final Queue<RecordedAppend> appends = new ConcurrentLinkedQueue<>();
  private final Queue<RecordedSessionCall> sessionCalls = new ConcurrentLinkedQueue<>();
  private final Queue<RecordedTail> tails = new ConcurrentLinkedQueue<>();
  private final Map<SessionLog, Integer> logs = new IdentityHashMap<>();

  Recorder(LongSupplier moments) {
    this.moments = moments;
  }

  /** The moment that it is. */
  long moment() {
    return moments.getAsLong();
  }

  /** Makes a call and notes how it ends. */
  <T> T answer(RecordedCall call, Supplier<T> body) {
    try {
      T result = body.get();
      call.succeed(moment(), result);
      return result;
    } catch (RuntimeException | Error e) {
      call.fail(moment(), e);
      throw e;
    }
  }

  /** Makes a call and notes how its future ends. */
  <T> CompletableFuture<T> answerLater(
      RecordedAppend call,
      Supplier<CompletableFuture<T>> body,
      Function<T, List<AppendResult>> results) {
    try {
      CompletableFuture<T> future = body.get();
      future.whenComplete((result, failure) -> note(call, result, failure, results));
      return future;
    } catch (RuntimeException | Error e) {
      call.fail(moment(), e);
      throw e;
    }
  }

  private <T> void note(
      RecordedAppend call,
      @Nullable T result,
      @Nullable Throwable failure,
      Function<T, List<AppendResult>> results) {
    if (result == null) {
      boolean wrapped = failure instanceof CompletionException && failure.getCause() != null;
      call.fail(moment(), wrapped ? failure.getCause() : failure);
    } else {
      call.succeed(moment(), results.apply(result));
    }
  }

  /** Who calls a log now. */
  Caller caller(SessionLog log) {
    Thread thread = Thread.currentThread();
    synchronized (logs) {
      int number = logs.computeIfAbsent(log, any -> logs.size() + 1);
      return new Caller(number, thread.getId(), thread.getName());
    }
  }

  /** Adds a call. */
  void add(RecordedCall call) {
    if (call instanceof RecordedAppend append) {
      appends.add(append);
    } else if (call instanceof RecordedTail tail) {
      tails.add(tail);
    } else if (call instanceof RecordedSessionCall sessionCall) {
      sessionCalls.add(sessionCall);
    }
  }

  List<RecordedAppend> appends() {
    return List.copyOf(appends);
  }

  List<RecordedSessionCall> sessionCalls() {
    return List.copyOf(sessionCalls);
  }

  List<RecordedTail> tails() {
    return List.copyOf(tails);
  }
}
