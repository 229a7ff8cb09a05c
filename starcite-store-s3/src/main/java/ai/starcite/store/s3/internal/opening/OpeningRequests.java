package ai.starcite.store.s3.internal.opening;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.store.s3.internal.client.BucketPlace;
import ai.starcite.store.s3.internal.client.ObjectException;
import ai.starcite.store.s3.internal.client.Retry;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Sends the requests of an opening: retries those without an answer, and waits for the result, up
 * to a timeout.
 */
public final class OpeningRequests {
  private final BucketPlace place;
  private final Retry retry;
  private final ScheduledExecutorService timer;
  private final Duration timeout;
  private final long deadline;

  public OpeningRequests(
      BucketPlace place, Retry retry, ScheduledExecutorService timer, Duration timeout) {
    this.place = place;
    this.retry = retry;
    this.timer = timer;
    this.timeout = timeout;
    this.deadline = System.nanoTime() + timeout.toNanos();
  }

  BucketPlace place() {
    return place;
  }

  /** Sends a request and waits for its answer. */
  <T> T ask(Supplier<CompletionStage<T>> request) {
    return await(send(request));
  }

  /** Sends a request, and retries it while there is no answer. */
  <T> CompletableFuture<T> send(Supplier<CompletionStage<T>> request) {
    CompletableFuture<T> result = new CompletableFuture<>();
    send(request, 1, retry.first(), result);
    return result;
  }

  private <T> void send(
      Supplier<CompletionStage<T>> request,
      int attempt,
      Duration pause,
      CompletableFuture<T> result) {
    request
        .get()
        .whenComplete(
            (answer, failure) -> {
              if (failure == null) {
                result.complete(answer);
              } else if (attempt < retry.attempts() && isUnknown(failure)) {
                timer.schedule(
                    () -> send(request, attempt + 1, pause.multipliedBy(2), result),
                    pause.toNanos(),
                    TimeUnit.NANOSECONDS);
              } else {
                result.completeExceptionally(failure);
              }
            });
  }

  private static boolean isUnknown(Throwable failure) {
    return failure instanceof ObjectException e && e.isRetryable();
  }

  /** Waits for an answer. Failures are explained in words that help. */
  <T> T await(CompletableFuture<T> answer) {
    try {
      return answer.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw OpeningFailures.explain(e.getCause(), place);
    } catch (TimeoutException e) {
      throw new SessionLogException(
          Code.STORE_UNAVAILABLE,
          "%s could not be opened in %s: check the network, or raise openTimeout(…)"
              .formatted(place, timeout),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SessionLogException(
          Code.CANCELLED, "interrupted while " + place + " was opened", e);
    }
  }
}
