package ai.starcite;

import ai.starcite.internal.Limits;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What an append demands beyond its events. Immutable.
 *
 * @param expectedSeq the session's last seq at the moment of commit (clause APP-5)
 * @param seal whether the session is sealed together with these events (clause SES-8)
 * @param timeout how long to try (clause APP-9); the log's own if empty
 * @param incarnation the life of the session that the append is meant for (clause SES-7)
 */
public record AppendOptions(
    OptionalLong expectedSeq,
    boolean seal,
    Optional<Duration> timeout,
    Optional<String> incarnation) {
  private static final AppendOptions NONE =
      new AppendOptions(OptionalLong.empty(), false, Optional.empty(), Optional.empty());

  /** Checks the ranges. */
  public AppendOptions {
    Limits.requireNotNegative(
        "expectedSeq", Objects.requireNonNull(expectedSeq, "expectedSeq").orElse(0));
    Objects.requireNonNull(timeout, "timeout").ifPresent(t -> Limits.requireTimeout("timeout", t));
    Objects.requireNonNull(incarnation, "incarnation");
  }

  /**
   * No demands.
   *
   * @return options to build upon
   */
  public static AppendOptions none() {
    return NONE;
  }

  /**
   * Demands a last seq: the append fails with {@code EXPECTED_SEQ_CONFLICT} if another event came
   * first.
   *
   * @param lastSeq the session's last seq, 0 for a session without events
   * @return a copy
   * @throws SessionLogException {@code INVALID} if it is negative
   */
  public AppendOptions withExpectedSeq(long lastSeq) {
    return new AppendOptions(OptionalLong.of(lastSeq), seal, timeout, incarnation);
  }

  /**
   * Seals the session together with the events, atomically.
   *
   * @return a copy
   */
  public AppendOptions withSeal() {
    return new AppendOptions(expectedSeq, true, timeout, incarnation);
  }

  /**
   * Sets the time-out (clause APP-9). A blocking append that has ten seconds or more may write to a
   * local disk on its own thread; if the disk stops responding, the call returns only when the disk
   * does.
   *
   * @param newTimeout more than zero
   * @return a copy
   * @throws SessionLogException {@code INVALID} if it is not positive
   */
  public AppendOptions withTimeout(Duration newTimeout) {
    return new AppendOptions(
        expectedSeq, seal, Optional.of(Objects.requireNonNull(newTimeout, "timeout")), incarnation);
  }

  /**
   * Demands an incarnation (clause SES-7): the append fails with {@code SESSION_NOT_FOUND} if the
   * session was deleted since, even if its id has been created again.
   *
   * @param newIncarnation what {@link Session#incarnation} gave
   * @return a copy
   */
  public AppendOptions withIncarnation(String newIncarnation) {
    return new AppendOptions(
        expectedSeq,
        seal,
        timeout,
        Optional.of(Objects.requireNonNull(newIncarnation, "incarnation")));
  }
}
