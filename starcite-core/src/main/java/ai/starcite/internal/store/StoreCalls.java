package ai.starcite.internal.store;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.internal.threads.Waits;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Waits for a store on the calling thread: for reads, and for the writes that are not appends,
 * which are settled by sending them again. Thread-safe.
 */
public final class StoreCalls {
  private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final Waits waits;
  private final long timeoutNanos;
  private final RandomGenerator random;
  private final BooleanSupplier closed;

  public StoreCalls(
      Waits waits, long timeoutNanos, RandomGenerator random, BooleanSupplier closed) {
    this.waits = waits;
    this.timeoutNanos = timeoutNanos;
    this.random = random;
    this.closed = closed;
  }

  /** The answer of a read. */
  public <T> T read(Supplier<CompletionStage<T>> call) {
    try {
      T answer = await(call, waits.nanoTime() + timeoutNanos);
      if (answer == null) {
        throw StoreFailures.of(StoreFailures.noAnswer());
      }
      return answer;
    } catch (TimeoutException e) {
      throw new SessionLogException(
          Code.STORE_UNAVAILABLE, "the store did not answer in time; try again later", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SessionLogException(Code.CANCELLED, "interrupted while reading", e);
    } catch (ExecutionException e) {
      throw StoreFailures.of(e);
    }
  }

  /**
   * A definite answer, and whether an attempt before it had none: that one may have been stored.
   */
  public record Settled<T>(T answer, boolean repeated) {}

  /** How to read an answer: the cause if it is indefinite, the cause if it is rejected, or null. */
  interface Reading<T> {
    @Nullable Throwable indefinite(T answer);

    @Nullable Throwable rejected(T answer);
  }

  /**
   * The definite answer of a write, which is sent again while its outcome is unknown.
   *
   * @throws SessionLogException {@code OUTCOME_UNKNOWN}, or what the store rejected the write with
   */
  public <T> Settled<T> settle(String what, Supplier<CompletionStage<T>> call, Reading<T> reading) {
    if (Thread.currentThread().isInterrupted()) {
      throw new SessionLogException(
          Code.CANCELLED,
          "the thread was interrupted before the " + what + "; nothing was written");
    }
    long deadline = waits.nanoTime() + timeoutNanos;
    long pause = FIRST_PAUSE_NANOS;
    boolean repeated = false;
    while (true) {
      Throwable cause;
      try {
        T answer = await(call, deadline);
        Throwable rejected = answer == null ? null : reading.rejected(answer);
        if (rejected != null && !repeated) {
          throw StoreFailures.of(rejected);
        }
        if (rejected != null && StoreFailures.of(rejected).code() == Code.CLOSED) {
          throw outcomeUnknown(what, "was cut short: the store is closed", rejected);
        }
        cause = answer == null ? StoreFailures.noAnswer() : rejected;
        if (cause == null) {
          cause = reading.indefinite(answer);
        }
        if (cause == null) {
          return new Settled<>(answer, repeated);
        }
      } catch (TimeoutException e) {
        throw outcomeUnknown(what, "timed out", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw outcomeUnknown(what, "was interrupted", e);
      } catch (ExecutionException e) {
        cause = e.getCause();
      }
      repeated = true;
      if (closed.getAsBoolean() || deadline - waits.nanoTime() <= 0) {
        throw outcomeUnknown(what, "got no definite answer", cause);
      }
      waits.park(this, pause / 2 + random.nextLong(pause / 2));
      if (Thread.currentThread().isInterrupted()) {
        // Else neither this wait nor one for an answer that is there would pause at all.
        throw outcomeUnknown(what, "was interrupted", cause);
      }
      pause = Math.min(LONGEST_PAUSE_NANOS, pause * 2);
    }
  }

  private static SessionLogException outcomeUnknown(
      String what, String why, @Nullable Throwable cause) {
    return new SessionLogException(
        Code.OUTCOME_UNKNOWN,
        "the " + what + " " + why + " and may have been stored; read the session to find out",
        cause);
  }

  private <T> T await(Supplier<CompletionStage<T>> call, long deadline)
      throws InterruptedException, ExecutionException, TimeoutException {
    CompletableFuture<T> answer;
    try {
      answer = call.get().toCompletableFuture();
    } catch (RuntimeException | Error e) {
      throw new ExecutionException(e);
    }
    Thread caller = Thread.currentThread();
    answer.whenComplete((value, failure) -> LockSupport.unpark(caller));
    while (!answer.isDone()) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      long left = deadline - waits.nanoTime();
      if (left <= 0) {
        throw new TimeoutException("no answer from the store");
      }
      waits.park(this, left);
    }
    return answer.get();
  }
}
