package ai.starcite.spi;

/** How a delete ended. */
public sealed interface DeleteOutcome
    permits DeleteOutcome.Deleted, DeleteOutcome.Gone, Rejected, Indefinite {

  /** The session is erased. */
  record Deleted() implements DeleteOutcome {}

  /** There was no session of that id and incarnation. */
  record Gone() implements DeleteOutcome {}
}
