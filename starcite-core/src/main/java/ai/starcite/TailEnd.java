package ai.starcite;

/** Why a tail ended (clause TAIL-8). */
public enum TailEnd {
  /** Its reader closed it. */
  CLOSED,
  /** The session is sealed and its last event was delivered: complete. */
  SEALED,
  /** A bound was reached, {@code limit} or the end of a tail that does not follow: complete. */
  BOUND,
  /** The session was deleted. */
  DELETED,
  /** The log was closed. */
  LOG_CLOSED,
  /** The store failed, or its data is corrupt. */
  FAILED,
  /** The code of the reader threw when it was called with an event. */
  READER_FAILED
}
