package ai.starcite.testkit;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * Says which faults a {@link FaultInjectingStore} injects, and how often. The SPI allows a store
 * each of them.
 *
 * <p>Immutable: the {@code with…} methods return changed copies.
 *
 * @param seed what decides where faults occur
 * @param probabilities how likely a call is to suffer each kind, from 0 to 1; a kind that is
 *     missing never occurs
 * @param longestDelay how long an answer, or a write that is late, is held back at most
 */
public record Faults(long seed, Map<Kind, Double> probabilities, Duration longestDelay) {
  private static final Duration A_MOMENT = Duration.ofMillis(2);

  /** What can go wrong. */
  public enum Kind {
    /** A write is refused: nothing is written, and the answer says so. */
    REJECTED_WRITE,

    /**
     * A write does not reach the store, and nothing is known of it: it is answered {@code
     * Indefinite}, or with a failed stage, or by an exception.
     */
    LOST_WRITE,

    /** A write is done, and nothing is known of it. */
    LOST_ANSWER,

    /**
     * Nothing is known of a write, and it is done later: after the log has sent it again, or others
     * have written. Not for creates: if the session was deleted meanwhile, a late create could not
     * be told from a new life of the id.
     */
    LATE_WRITE,

    /** A write is answered, and done a second time later. Not for creates, for the same reason. */
    DOUBLE_WRITE,

    /** A read, a load or a listing fails. */
    FAILED_READ,

    /** A read returns only its first segment. */
    SHORT_READ,

    /** The answer of any operation comes later. */
    DELAYED_ANSWER,

    /** The answer of any operation comes after that of a later call for another session. */
    REORDERED_ANSWER,

    /** A checkpoint is not kept, so that the one before it is loaded, if there is one. */
    OLD_CHECKPOINT,

    /** A session is loaded without its checkpoint. */
    LOST_CHECKPOINT,

    /** A watch gets no hint. */
    LOST_HINT,

    /** A bit of a segment is flipped on its way; see {@link FaultInjectingStore#corruptReads}. */
    DAMAGED_READ
  }

  /**
   * Checks and copies what it is given.
   *
   * @throws IllegalArgumentException if a probability is not within 0 and 1, or the delay negative
   */
  public Faults {
    EnumMap<Kind, Double> copy = new EnumMap<>(Kind.class);
    copy.putAll(probabilities);
    copy.forEach(
        (kind, probability) -> {
          if (!(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException(
                "the probability of " + kind + " is " + probability + "; it must be 0 to 1");
          }
        });
    if (longestDelay.isNegative()) {
      throw new IllegalArgumentException("longestDelay is " + longestDelay + ", which is negative");
    }
    probabilities = Collections.unmodifiableMap(copy);
  }

  /**
   * Returns no faults, to add some to.
   *
   * @return faults that never occur
   */
  public static Faults none() {
    return new Faults(0, Map.of(), A_MOMENT);
  }

  /**
   * Returns the faults that a log must hide from its callers: all but refusals, failed reads and
   * damage. If no other call interferes, a call succeeds as it would without faults. If another one
   * changes or deletes the same session before the log has resolved an unknown outcome, {@code
   * OUTCOME_UNKNOWN} is a correct answer (clause APP-7).
   *
   * @param seed what decides where faults occur
   * @return faults that occur in about 1 of 25 writes
   */
  public static Faults masked(long seed) {
    return none()
        .withSeed(seed)
        .with(0.006, Kind.LOST_WRITE, Kind.LOST_ANSWER, Kind.LATE_WRITE, Kind.DOUBLE_WRITE)
        .with(0.01, Kind.DELAYED_ANSWER, Kind.REORDERED_ANSWER)
        .with(0.05, Kind.SHORT_READ)
        .with(0.3, Kind.OLD_CHECKPOINT, Kind.LOST_CHECKPOINT, Kind.LOST_HINT);
  }

  /**
   * Returns every kind but damage: those of {@link #masked}, more often, and those that callers
   * see.
   *
   * @param seed what decides where faults occur
   * @return faults that occur in about 1 of 4 writes
   */
  public static Faults all(long seed) {
    return masked(seed)
        .with(0.04, Kind.LOST_WRITE, Kind.LOST_ANSWER, Kind.LATE_WRITE, Kind.DOUBLE_WRITE)
        .with(0.04, Kind.REJECTED_WRITE, Kind.FAILED_READ)
        .with(0.05, Kind.DELAYED_ANSWER, Kind.REORDERED_ANSWER, Kind.SHORT_READ);
  }

  /**
   * Returns the same kinds with another seed, and so at other places.
   *
   * @param newSeed what decides where faults occur
   * @return a changed copy
   */
  public Faults withSeed(long newSeed) {
    return new Faults(newSeed, probabilities, longestDelay);
  }

  /**
   * Returns faults of which some kinds have another probability. A call suffers at most one of the
   * kinds of writes.
   *
   * @param probability from 0 to 1, for each of them
   * @param kinds which ones
   * @return a changed copy
   */
  public Faults with(double probability, Kind... kinds) {
    EnumMap<Kind, Double> changed = new EnumMap<>(Kind.class);
    changed.putAll(probabilities);
    Arrays.stream(kinds).forEach(kind -> changed.put(kind, probability));
    return new Faults(seed, changed, longestDelay);
  }

  /**
   * Returns faults that hold back answers and late writes for at most another time.
   *
   * @param delay not negative; 2 milliseconds by default
   * @return a changed copy
   */
  public Faults withLongestDelay(Duration delay) {
    return new Faults(seed, probabilities, delay);
  }

  /**
   * Returns how likely a call is to suffer a kind.
   *
   * @param kind which one
   * @return from 0 to 1
   */
  public double probability(Kind kind) {
    return probabilities.getOrDefault(kind, 0.0);
  }
}
