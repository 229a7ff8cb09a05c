package ai.starcite.store.s3.internal.protocol;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Repeats an asynchronous step, without growing the stack when answers are immediate. */
final class Loop {
  private Loop() {}

  /** Repeats a step until it gives a result; an empty one means "once more". */
  static <T> CompletableFuture<T> until(Supplier<CompletableFuture<Optional<T>>> step) {
    CompletableFuture<T> result = new CompletableFuture<>();
    run(step, result);
    return result;
  }

  /** Returns the result of a step that has to be repeated. */
  static <T> CompletableFuture<Optional<T>> again() {
    return CompletableFuture.completedFuture(Optional.empty());
  }

  /** Returns the result of the last step. */
  static <T> CompletableFuture<Optional<T>> done(T result) {
    return CompletableFuture.completedFuture(Optional.of(result));
  }

  private static <T> void run(
      Supplier<CompletableFuture<Optional<T>>> step, CompletableFuture<T> result) {
    while (true) {
      CompletableFuture<Optional<T>> taken;
      try {
        taken = step.get();
      } catch (RuntimeException | Error e) {
        result.completeExceptionally(e);
        return;
      }
      if (!taken.isDone()) {
        taken.whenComplete(
            (outcome, failure) -> {
              if (!completes(outcome, failure, result)) {
                run(step, result);
              }
            });
        return;
      }
      if (taken.isCompletedExceptionally()) {
        taken.whenComplete((outcome, failure) -> result.completeExceptionally(failure));
        return;
      }
      if (completes(taken.join(), null, result)) {
        return;
      }
    }
  }

  private static <T> boolean completes(
      Optional<T> outcome, Throwable failure, CompletableFuture<T> result) {
    if (failure != null) {
      result.completeExceptionally(failure);
      return true;
    }
    outcome.ifPresent(result::complete);
    return outcome.isPresent();
  }
}
