package ai.starcite;

import ai.starcite.SessionLogException.Code;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** What the callers of a producer are told of appends that fail. */
final class ProducerFailures {
  private ProducerFailures() {}

  /** Whether the log refused an append after it had looked for its events among the stored ones. */
  static boolean wasDecided(SessionLogException e) {
    return switch (e.code()) {
      case SESSION_SEALED, EXPECTED_SEQ_CONFLICT, TOO_MANY_PRODUCERS, PRODUCER_SEQ_CONFLICT -> true;
      default -> false;
    };
  }

  /** Says of a retry that failed that its event may be stored, unless the failure says more. */
  static SessionLogException ofRetry(SessionLogException e) {
    return switch (e.code()) {
      case INVALID, SESSION_NOT_FOUND, PRODUCER_REPLAY_CONFLICT, OUTCOME_UNKNOWN -> e;
      default ->
          new SessionLogException(
              Code.OUTCOME_UNKNOWN,
              "an earlier attempt to append may have been stored, and this one failed; append the"
                  + " same again to find out: "
                  + e.getMessage(),
              e);
    };
  }

  /** Says of an append that was called after a failed one that it failed too. */
  static SessionLogException behind(SessionLogException first) {
    String message =
        "an append of the same producer before this one failed, so this one wrote nothing: "
            + first.getMessage();
    return first.isDefinite()
        ? first.with(message, first)
        : new SessionLogException(Code.CANCELLED, message, first);
  }

  /** As {@link #behind}, of an append whose failure is not known yet. */
  static SessionLogException behindAnother(SessionLogException gap) {
    return new SessionLogException(
        Code.CANCELLED,
        "an append of the same producer before this one failed, so this one wrote nothing",
        gap);
  }

  static SessionLogException withdrawn(String why) {
    return new SessionLogException(
        Code.CANCELLED,
        "the append " + why + " before its turn among those of its producer; nothing was written");
  }

  static SessionLogException tooManyWait() {
    return new SessionLogException(
        Code.BACKPRESSURE,
        "too many appends wait for an earlier one of the same producer; wait for that one");
  }

  /** The failure of an append that could not be sent. */
  static SessionLogException of(@Nullable Throwable error) {
    Throwable cause = error instanceof CompletionException wrapped ? wrapped.getCause() : error;
    return cause instanceof SessionLogException known
        ? known
        : new SessionLogException(
            Code.STORE_UNAVAILABLE,
            "the append failed unexpectedly before it was sent; nothing was written; see the"
                + " cause, then retry",
            cause);
  }
}
