package ai.starcite.spi;

/** How a create ended. */
public sealed interface CreateOutcome
    permits CreateOutcome.Created, CreateOutcome.Exists, Rejected, Indefinite {

  /** The session is stored. */
  record Created() implements CreateOutcome {}

  /**
   * The id is taken. If the record has the incarnation that was asked for, the log takes it for its
   * own, written by an earlier attempt.
   *
   * @param existing the record in the way
   */
  record Exists(SessionRecord existing) implements CreateOutcome {}
}
