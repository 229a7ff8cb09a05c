package ai.starcite.spi;

/** How a delete ended. */
public sealed interface DeleteOutcome {

  /** The session is erased. */
  record Deleted() implements DeleteOutcome {}

  /** There was no session of that id and epoch. */
  record Gone() implements DeleteOutcome {}

  /**
   * Nothing was erased and never will be.
   *
   * @param cause why
   */
  record Rejected(Throwable cause) implements DeleteOutcome {}

  /**
   * It may have been erased.
   *
   * @param cause why nothing is known
   */
  record Indefinite(Throwable cause) implements DeleteOutcome {}
}
