package ai.starcite.spi;

/** How an append ended. */
public sealed interface AppendOutcome
    permits AppendOutcome.Committed,
        AppendOutcome.Conflict,
        AppendOutcome.Sealed,
        AppendOutcome.Gone,
        Rejected,
        Indefinite {

  /** The segment is durable at the level that the store declares. */
  record Committed() implements AppendOutcome {}

  /**
   * The segment's first seq is not the session's next one. If these bytes were sent before, the log
   * reads the segment there and compares tokens, to tell its own from another's.
   *
   * @param nextSeq the session's next seq, or one that it has reached already, above the segment's
   *     first seq, where others have gone on since
   */
  record Conflict(long nextSeq) implements AppendOutcome {}

  /** The session is sealed. */
  record Sealed() implements AppendOutcome {}

  /** The session was deleted; its id may have a new life. */
  record Gone() implements AppendOutcome {}
}
