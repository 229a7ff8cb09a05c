package ai.starcite.internal.store;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Turns what a store failed with into the exception for the caller. */
public final class StoreFailures {
  private StoreFailures() {}

  /** What a store has done wrong that completes an answer with null. */
  public static Throwable noAnswer() {
    return new IllegalStateException("the store completed its answer with null");
  }

  /** The exception itself if it is one of ours, else {@code STORE_UNAVAILABLE} with the cause. */
  public static SessionLogException of(@Nullable Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof SessionLogException known) {
      return known;
    }
    return new SessionLogException(
        Code.STORE_UNAVAILABLE,
        "the store failed: " + cause + "; see the cause, then retry",
        cause);
  }
}
