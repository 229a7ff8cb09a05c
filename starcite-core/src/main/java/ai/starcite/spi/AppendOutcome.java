package ai.starcite.spi;

/** How an append ended. */
public sealed interface AppendOutcome {

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

  /**
   * This call wrote nothing and never will. An earlier call with the same segment that was
   * indefinite remains so.
   *
   * @param cause why
   */
  record Rejected(Throwable cause) implements AppendOutcome {}

  /**
   * It may have been written.
   *
   * @param cause why nothing is known
   */
  record Indefinite(Throwable cause) implements AppendOutcome {}
}
