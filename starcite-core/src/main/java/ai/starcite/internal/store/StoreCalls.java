package ai.starcite.internal.store;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.internal.threads.Waits;
import ai.starcite.spi.Indefinite;
import ai.starcite.spi.Rejected;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Calls a store and waits on the calling thread: for reads, and for the writes that are not
 * appends. A write of unknown outcome is sent again. Thread-safe.
 */
public final class StoreCalls {
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
  public record Resolved<T>(T answer, boolean repeated) {}

  /**
   * The definite answer of a write, which is sent again while its outcome is unknown.
   *
   * @throws SessionLogException {@code OUTCOME_UNKNOWN}, or what the store rejected the write with
   */
  public <T> Resolved<T> write(String what, Supplier<CompletionStage<T>> call) {
    if (Thread.currentThread().isInterrupted()) {
      throw new SessionLogException(
          Code.CANCELLED,
          "the thread was interrupted before the " + what + "; nothing was written");
    }
    long deadline = waits.nanoTime() + timeoutNanos;
    for (int attempts = 0; ; attempts++) {
      boolean repeated = attempts > 0;
      Throwable cause;
      try {
        T answer = await(call, deadline);
        Throwable rejected = answer instanceof Rejected no ? no.cause() : null;
        if (rejected != null && !repeated) {
          throw StoreFailures.of(rejected);
        }
        if (rejected != null && StoreFailures.of(rejected).code() == Code.CLOSED) {
          throw outcomeUnknown(what, "was cut short: the store is closed", rejected);
        }
        cause = answer == null ? StoreFailures.noAnswer() : rejected;
        if (answer instanceof Indefinite unknown) {
          cause = unknown.cause();
        }
        if (cause == null) {
          return new Resolved<>(answer, repeated);
        }
      } catch (TimeoutException e) {
        throw outcomeUnknown(what, "timed out", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw outcomeUnknown(what, "was interrupted", e);
      } catch (ExecutionException e) {
        cause = e.getCause();
      }
      if (closed.getAsBoolean() || deadline - waits.nanoTime() <= 0) {
        throw outcomeUnknown(what, "got no definite answer", cause);
      }
      waits.park(this, Backoff.nanos(attempts, random));
      if (Thread.currentThread().isInterrupted()) {
        // Else neither this wait nor one for an answer that is there would pause at all.
        throw outcomeUnknown(what, "was interrupted", cause);
      }
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
