package ai.starcite.spi;

/** How a create ended. */
public sealed interface CreateOutcome {

  /** The session is stored. */
  record Created() implements CreateOutcome {}

  /**
   * The id is taken. If the record has the epoch that was asked for, the log takes it for its own,
   * written by an earlier attempt.
   *
   * @param existing the record in the way
   */
  record Exists(SessionRecord existing) implements CreateOutcome {}

  /**
   * Nothing was written and never will be.
   *
   * @param cause why
   */
  record Rejected(Throwable cause) implements CreateOutcome {}

  /**
   * It may have been written.
   *
   * @param cause why nothing is known
   */
  record Indefinite(Throwable cause) implements CreateOutcome {}
}
