package ai.starcite;

import ai.starcite.internal.Limits;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What an append demands beyond its events. Immutable. */
public final class AppendOptions {
  private static final AppendOptions DEFAULTS = new AppendOptions(-1, false, null, null);

  private final long expectedSeq;
  private final boolean seal;
  private final @Nullable Duration timeout;
  private final @Nullable String incarnation;

  private AppendOptions(
      long expectedSeq, boolean seal, @Nullable Duration timeout, @Nullable String incarnation) {
    this.expectedSeq = expectedSeq;
    this.seal = seal;
    this.timeout = timeout;
    this.incarnation = incarnation;
  }

  /**
   * Returns options that demand nothing.
   *
   * @return options to build upon
   */
  public static AppendOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Demands a last seq (clause APP-5): the append fails with {@code EXPECTED_SEQ_CONFLICT} if
   * another event came first.
   *
   * @param lastSeq the session's last seq, 0 for a session without events
   * @return a copy
   * @throws SessionLogException {@code INVALID} if it is negative
   */
  public AppendOptions withExpectedSeq(long lastSeq) {
    Limits.requireNotNegative("expectedSeq", lastSeq);
    return new AppendOptions(lastSeq, seal, timeout, incarnation);
  }

  /**
   * Seals the session together with the events, atomically (clause SES-8).
   *
   * @return a copy
   */
  public AppendOptions withSeal() {
    return new AppendOptions(expectedSeq, true, timeout, incarnation);
  }

  /**
   * Sets the time-out (clause APP-9); the log's own applies without it. A blocking append that has
   * ten seconds or more may write to a local disk on its own thread; if the disk stops responding,
   * the call returns only when the disk does.
   *
   * @param newTimeout more than zero
   * @return a copy
   * @throws SessionLogException {@code INVALID} if it is not positive
   */
  public AppendOptions withTimeout(Duration newTimeout) {
    Limits.requireTimeout("timeout", newTimeout);
    return new AppendOptions(expectedSeq, seal, newTimeout, incarnation);
  }

  /**
   * Demands an incarnation (clause SES-7): the append fails with {@code SESSION_NOT_FOUND} if the
   * session was deleted since, even if its id has been created again.
   *
   * @param newIncarnation what {@link Session#incarnation} returned
   * @return a copy
   */
  public AppendOptions withIncarnation(String newIncarnation) {
    Objects.requireNonNull(newIncarnation, "incarnation");
    return new AppendOptions(expectedSeq, seal, timeout, newIncarnation);
  }

  /**
   * Returns the last seq that the session must have at the moment of commit.
   *
   * @return the seq, or empty for any
   */
  public OptionalLong expectedSeq() {
    return expectedSeq < 0 ? OptionalLong.empty() : OptionalLong.of(expectedSeq);
  }

  /**
   * Returns whether the session is sealed together with the events.
   *
   * @return false by default
   */
  public boolean seal() {
    return seal;
  }

  /**
   * Returns how long to try.
   *
   * @return the time-out, or empty for the log's own
   */
  public Optional<Duration> timeout() {
    return Optional.ofNullable(timeout);
  }

  /**
   * Returns the incarnation of the session that the append is meant for.
   *
   * @return the incarnation, or empty for any
   */
  public Optional<String> incarnation() {
    return Optional.ofNullable(incarnation);
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof AppendOptions other
        && expectedSeq == other.expectedSeq
        && seal == other.seal
        && Objects.equals(timeout, other.timeout)
        && Objects.equals(incarnation, other.incarnation);
  }

  @Override
  public int hashCode() {
    return Objects.hash(expectedSeq, seal, timeout, incarnation);
  }

  @Override
  public String toString() {
    return "AppendOptions[expectedSeq=%s, seal=%s, timeout=%s, incarnation=%s]"
        .formatted(expectedSeq < 0 ? "any" : expectedSeq, seal, timeout, incarnation);
  }
}
