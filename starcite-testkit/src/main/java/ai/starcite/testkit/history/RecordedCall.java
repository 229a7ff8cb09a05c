package ai.starcite.testkit.history;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import org.jspecify.annotations.Nullable;

/**
 * A call that a {@link History} has recorded: by whom, when it was made, and when and how it was
 * answered. Thread-safe.
 */
abstract sealed class RecordedCall permits RecordedAppend, RecordedSessionCall, RecordedTail {
  /** The answer moment of a call that was never answered. */
  static final long NEVER = Long.MAX_VALUE;

  /** Who calls: a thread, on one of the logs. */
  record Caller(int log, long thread, String name) {}

  private record Ending(long moment, @Nullable Object result, @Nullable Throwable failure) {}

  final Caller caller;
  final String sessionId;
  final long invoked;
  private volatile @Nullable Ending ending;
  private boolean closed;

  RecordedCall(Caller caller, String sessionId, long invoked) {
    this.caller = caller;
    this.sessionId = sessionId;
    this.invoked = invoked;
  }

  /** Notes a good answer. */
  final void succeed(long moment, Object result) {
    end(new Ending(moment, result, null));
  }

  /** Notes a failure. */
  final void fail(long moment, Throwable failure) {
    end(new Ending(moment, null, failure));
  }

  private synchronized void end(Ending how) {
    if (!closed) {
      ending = how;
    }
  }

  /** Takes no answer any more, so that all that is checked sees the same. */
  final synchronized void close() {
    closed = true;
  }

  /** When it was answered, or {@link #NEVER}. */
  final long answered() {
    Ending now = ending;
    return now == null ? NEVER : now.moment();
  }

  /** Whether it was answered well. */
  final boolean succeeded() {
    Ending now = ending;
    return now != null && now.failure() == null;
  }

  /** What it was answered with, if it was answered well. */
  final <T> T result(Class<T> type) {
    Ending now = ending;
    if (now == null || now.failure() != null) {
      throw new IllegalStateException("there is no result of " + this);
    }
    return type.cast(now.result());
  }

  /** What it failed with, if that was an exception of the log. */
  final @Nullable SessionLogException failure() {
    Ending now = ending;
    return now != null && now.failure() instanceof SessionLogException e ? e : null;
  }

  /** Whether it failed with a code. */
  final boolean failedWith(Code code) {
    SessionLogException failure = failure();
    return failure != null && failure.code() == code;
  }

  /** Whether it is certain that it did nothing and never will. */
  final boolean failedForGood() {
    SessionLogException failure = failure();
    return failure != null && failure.isDefinite();
  }

  /** Whether nobody knows what it did: it was never answered, or not in a definite way. */
  final boolean isUnknown() {
    return !succeeded() && !failedForGood();
  }

  /** What was called. */
  abstract String request();

  /** What was answered well. */
  abstract String response();

  private String outcome() {
    Ending now = ending;
    if (now == null) {
      return "never answered";
    }
    SessionLogException failure = failure();
    if (failure == null) {
      return now.failure() == null ? response() : "unknown: " + now.failure();
    }
    StringBuilder text = new StringBuilder(failure.code().name());
    failure.currentSeq().ifPresent(seq -> text.append(", current seq ").append(seq));
    failure
        .currentVersion()
        .ifPresent(version -> text.append(", current version ").append(version));
    failure
        .expectedProducerSeq()
        .ifPresent(number -> text.append(", expected number ").append(number));
    return text.toString();
  }

  @Override
  public final String toString() {
    long end = answered();
    return "[%d, %s] log %d, %s: %s -> %s"
        .formatted(
            invoked,
            end == NEVER ? "never" : Long.toString(end),
            caller.log(),
            caller.name(),
            request(),
            outcome());
  }
}
