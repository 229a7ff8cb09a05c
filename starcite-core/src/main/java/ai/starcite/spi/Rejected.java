package ai.starcite.spi;

import java.util.Objects;

/**
 * The outcome of a write that wrote nothing and never will (clause APP-7). An earlier attempt with
 * the same value that was {@link Indefinite} remains so.
 *
 * @param cause why
 */
public record Rejected(Throwable cause)
    implements AppendOutcome, CreateOutcome, UpdateOutcome, DeleteOutcome {
  /** Refuses null. */
  public Rejected {
    Objects.requireNonNull(cause, "cause");
  }
}
