package ai.starcite.spi;

import java.util.Objects;

/**
 * The outcome of a write that may have been written, or may still be (clause APP-7). The log sends
 * the same value again until the outcome is definite.
 *
 * @param cause why nothing is known
 */
public record Indefinite(Throwable cause)
    implements AppendOutcome, CreateOutcome, UpdateOutcome, DeleteOutcome {
  /** Refuses null. */
  public Indefinite {
    Objects.requireNonNull(cause, "cause");
  }
}
