package ai.starcite.testkit;

import ai.starcite.testkit.Faults.Kind;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Draws faults from one seed, and counts them: the same questions in the same order have the same
 * answers. Thread-safe.
 */
final class FaultDraws {
  private final Faults faults;
  private final SplittableRandom random;
  private final EnumMap<Kind, Long> injected = new EnumMap<>(Kind.class);
  private boolean healed;

  FaultDraws(Faults faults) {
    this.faults = faults;
    this.random = new SplittableRandom(faults.seed());
  }

  /** The fault that a call suffers, of those that it can, or null. Takes one number, always. */
  synchronized @Nullable Kind draw(List<Kind> kinds) {
    double drawn = random.nextDouble();
    for (Kind kind : kinds) {
      drawn -= healed ? 0 : faults.probability(kind);
      if (drawn < 0) {
        return count(kind);
      }
    }
    return null;
  }

  /** Whether a call suffers a fault. */
  boolean draw(Kind kind) {
    return draw(List.of(kind)) != null;
  }

  /** Counts a fault that was not drawn. */
  synchronized Kind count(Kind kind) {
    injected.merge(kind, 1L, Long::sum);
    return kind;
  }

  /** A number from 0 to the bound, without it. */
  synchronized int below(int bound) {
    return random.nextInt(bound);
  }

  /** How long something is held back. */
  synchronized long delayNanos() {
    return random.nextLong(faults.longestDelay().toNanos() + 1);
  }

  long longestDelayNanos() {
    return faults.longestDelay().toNanos();
  }

  /** Ends all faults. */
  synchronized void heal() {
    healed = true;
  }

  /** How often each kind was injected so far; all kinds are there. */
  synchronized Map<Kind, Long> injected() {
    EnumMap<Kind, Long> copy = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      copy.put(kind, injected.getOrDefault(kind, 0L));
    }
    return Collections.unmodifiableMap(copy);
  }
}
