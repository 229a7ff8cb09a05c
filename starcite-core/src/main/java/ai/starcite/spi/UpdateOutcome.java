package ai.starcite.spi;

/** How an update of a record ended. */
public sealed interface UpdateOutcome
    permits UpdateOutcome.Updated,
        UpdateOutcome.Conflict,
        UpdateOutcome.Gone,
        Rejected,
        Indefinite {

  /** The record is stored. */
  record Updated() implements UpdateOutcome {}

  /**
   * The stored version is another. If its token is the one of the update, it was written by an
   * earlier attempt.
   *
   * @param current the stored record
   */
  record Conflict(SessionRecord current) implements UpdateOutcome {}

  /** The session was deleted; its id may have a new life. */
  record Gone() implements UpdateOutcome {}
}
