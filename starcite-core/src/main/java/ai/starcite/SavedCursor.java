package ai.starcite;

import ai.starcite.internal.Limits;
import java.util.Objects;

/**
 * How far a reader has come in a session, and in which life of it: an old cursor would silently fit
 * a new life of the same id (clause SES-7).
 *
 * @param seq the last seq that the reader is done with; 0 if none
 * @param incarnation the life of the session: {@link Tail#incarnation()}
 */
public record SavedCursor(long seq, String incarnation) {
  /** Checks the range. */
  public SavedCursor {
    Limits.requireNotNegative("seq", seq);
    Objects.requireNonNull(incarnation, "incarnation");
    Limits.requireString("incarnation", incarnation);
  }
}
