package ai.starcite;

import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The one exception of a session log (clause ERR-1): what went wrong as a {@link Code}, whether
 * anything may have been written, and the numbers that a caller needs to go on.
 *
 * <p>{@link #isDefinite()} tells the two kinds of failure apart (clause APP-7). After a definite
 * one nothing was written and nothing ever will be. After {@link Code#OUTCOME_UNKNOWN} it may have
 * been written: retrying with the same producer pair is safe and finds out.
 *
 * <p>Immutable but for what {@link Throwable} itself allows.
 */
public final class SessionLogException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What went wrong. The names are those of the contract. */
  public enum Code {
    /** An argument breaks a limit or a rule; the message names it. Fix the call. */
    INVALID,
    /** {@code create} met a session of that id. */
    SESSION_EXISTS,
    /** There is no session of that id, or no longer. */
    SESSION_NOT_FOUND,
    /** The session is sealed: it takes no more events. */
    SESSION_SEALED,
    /** {@code expectedVersion} did not match; see {@link SessionLogException#currentVersion()}. */
    VERSION_CONFLICT,
    /** {@code expectedSeq} did not match; see {@link SessionLogException#currentSeq()}. */
    EXPECTED_SEQ_CONFLICT,
    /** The producer left out a number; see {@link SessionLogException#expectedProducerSeq()}. */
    PRODUCER_SEQ_CONFLICT,
    /**
     * That producer number names another event already; see {@link
     * SessionLogException#currentSeq()}.
     */
    PRODUCER_REPLAY_CONFLICT,
    /** The session has as many producers as it may have. */
    TOO_MANY_PRODUCERS,
    /** Too many bytes wait to be stored; try again later. */
    BACKPRESSURE,
    /** Withdrawn before it reached the store: timed out, interrupted or cancelled. */
    CANCELLED,
    /** It may or may not have been written. Retry with the same producer pair to find out. */
    OUTCOME_UNKNOWN,
    /** The cursor lies beyond the last event; see {@link SessionLogException#currentSeq()}. */
    CURSOR_AHEAD,
    /** The events after the cursor are gone; see {@link SessionLogException#earliestCursor()}. */
    CURSOR_EXPIRED,
    /** The store could not do it, and did not. */
    STORE_UNAVAILABLE,
    /** Stored data does not match its checksum; the message names session and seq. */
    CORRUPT,
    /** The log, or its store, is closed. */
    CLOSED
  }

  private final Code code;
  private final long currentSeq;
  private final long currentVersion;
  private final long expectedProducerSeq;
  private final long earliestCursor;

  /**
   * Makes an exception without numbers.
   *
   * @param code what went wrong
   * @param message what happened and what to do about it
   */
  public SessionLogException(Code code, String message) {
    this(code, message, null);
  }

  /**
   * Makes an exception without numbers.
   *
   * @param code what went wrong
   * @param message what happened and what to do about it
   * @param cause what it comes from, or null
   */
  public SessionLogException(Code code, String message, @Nullable Throwable cause) {
    this(code, message, cause, -1, -1, -1, -1);
  }

  private SessionLogException(
      Code code,
      String message,
      @Nullable Throwable cause,
      long currentSeq,
      long currentVersion,
      long expectedProducerSeq,
      long earliestCursor) {
    super(Objects.requireNonNull(message, "message"), cause);
    this.code = code;
    this.currentSeq = currentSeq;
    this.currentVersion = currentVersion;
    this.expectedProducerSeq = expectedProducerSeq;
    this.earliestCursor = earliestCursor;
  }

  /**
   * Returns what happened and what to do about it.
   *
   * @return the message, never null
   */
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }

  /**
   * Says the same in other words.
   *
   * @param message what happened and what to do about it
   * @param cause what it comes from, or null
   * @return a new exception with the code and the numbers of this one
   */
  public SessionLogException with(String message, @Nullable Throwable cause) {
    return new SessionLogException(
        code, message, cause, currentSeq, currentVersion, expectedProducerSeq, earliestCursor);
  }

  /**
   * Adds the seq that the caller needs.
   *
   * @param seq the session's last seq, or the seq of the event in the way
   * @return a copy with {@link #currentSeq()}
   */
  public SessionLogException withCurrentSeq(long seq) {
    return new SessionLogException(
        code, getMessage(), getCause(), seq, currentVersion, expectedProducerSeq, earliestCursor);
  }

  /**
   * Adds the version that the caller needs.
   *
   * @param version the session's version
   * @return a copy with {@link #currentVersion()}
   */
  public SessionLogException withCurrentVersion(long version) {
    return new SessionLogException(
        code, getMessage(), getCause(), currentSeq, version, expectedProducerSeq, earliestCursor);
  }

  /**
   * Adds the producer number that would be taken.
   *
   * @param producerSeq the producer's last number plus one
   * @return a copy with {@link #expectedProducerSeq()}
   */
  public SessionLogException withExpectedProducerSeq(long producerSeq) {
    return new SessionLogException(
        code, getMessage(), getCause(), currentSeq, currentVersion, producerSeq, earliestCursor);
  }

  /**
   * Adds the cursor from which reading is possible.
   *
   * @param cursor the earliest cursor that is served
   * @return a copy with {@link #earliestCursor()}
   */
  public SessionLogException withEarliestCursor(long cursor) {
    return new SessionLogException(
        code, getMessage(), getCause(), currentSeq, currentVersion, expectedProducerSeq, cursor);
  }

  /**
   * Returns what went wrong.
   *
   * @return the code
   */
  public Code code() {
    return code;
  }

  /**
   * Returns whether it is certain that this attempt wrote nothing and never will (clause APP-7). An
   * earlier attempt of the same event may have: a {@link Producer}, which knows them, says {@code
   * OUTCOME_UNKNOWN} then.
   *
   * @return false only for {@link Code#OUTCOME_UNKNOWN}
   */
  public boolean isDefinite() {
    return code != Code.OUTCOME_UNKNOWN;
  }

  /**
   * Returns whether the same call may succeed later. For {@link Code#OUTCOME_UNKNOWN} that is safe
   * with a producer pair only, else the event may be stored twice.
   *
   * @return true if the call is worth repeating unchanged
   */
  public boolean isRetryable() {
    return switch (code) {
      case BACKPRESSURE, CANCELLED, OUTCOME_UNKNOWN, STORE_UNAVAILABLE -> true;
      default -> false;
    };
  }

  /**
   * Returns the session's last seq ({@code EXPECTED_SEQ_CONFLICT}, {@code CURSOR_AHEAD}), or the
   * seq of the event that has this producer number ({@code PRODUCER_REPLAY_CONFLICT}).
   *
   * @return the seq, or empty for the other codes
   */
  public OptionalLong currentSeq() {
    return optional(currentSeq);
  }

  /**
   * Returns the session's version ({@code VERSION_CONFLICT}).
   *
   * @return the version, or empty for the other codes
   */
  public OptionalLong currentVersion() {
    return optional(currentVersion);
  }

  /**
   * Returns the producer number that would be taken ({@code PRODUCER_SEQ_CONFLICT}).
   *
   * @return the producer's last number plus one, or empty for the other codes
   */
  public OptionalLong expectedProducerSeq() {
    return optional(expectedProducerSeq);
  }

  /**
   * Returns the earliest cursor that can be read from ({@code CURSOR_EXPIRED}).
   *
   * @return the cursor, or empty for the other codes
   */
  public OptionalLong earliestCursor() {
    return optional(earliestCursor);
  }

  private static OptionalLong optional(long value) {
    return value < 0 ? OptionalLong.empty() : OptionalLong.of(value);
  }
}
