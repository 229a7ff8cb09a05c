package ai.starcite;

import ai.starcite.internal.Limits;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A position in a session: the seq of the last event that a reader is done with, and the
 * incarnation of the session that it was taken from. With an incarnation, a cursor fails with
 * {@code SESSION_NOT_FOUND} once the session was deleted, even if its id was created again; without
 * one, it would silently fit the new session (clause SES-7).
 *
 * <p>Its text form, for URLs and {@code Last-Event-ID}, is {@code 42} or {@code 42@incarnation}.
 * Immutable.
 */
public final class Cursor {
  private static final Cursor START = new Cursor(0, null);

  private final long seq;
  private final @Nullable String incarnation;

  private Cursor(long seq, @Nullable String incarnation) {
    Limits.requireNotNegative("seq", seq);
    this.seq = seq;
    this.incarnation = incarnation;
  }

  /**
   * Returns the position before the first event of any session.
   *
   * @return the start
   */
  public static Cursor start() {
    return START;
  }

  /**
   * Makes a cursor that fits any incarnation.
   *
   * @param seq the last seq that is not wanted; 0 to start at the first event
   * @return the cursor
   * @throws SessionLogException {@code INVALID} if the seq is negative
   */
  public static Cursor of(long seq) {
    return new Cursor(seq, null);
  }

  /**
   * Makes a cursor of one incarnation.
   *
   * @param seq the last seq that is not wanted; 0 to start at the first event
   * @param incarnation what {@link Session#incarnation} returned: 1 to 256 bytes of UTF-8
   * @return the cursor
   * @throws SessionLogException {@code INVALID} if an argument breaks its range
   */
  public static Cursor of(long seq, String incarnation) {
    Limits.requireString("incarnation", Objects.requireNonNull(incarnation, "incarnation"));
    return new Cursor(seq, incarnation);
  }

  /**
   * Parses the text form.
   *
   * @param text {@code 42} or {@code 42@incarnation}
   * @return the cursor
   * @throws SessionLogException {@code INVALID} if the text is something else
   */
  public static Cursor parse(String text) {
    int at = Objects.requireNonNull(text, "text").indexOf('@');
    long seq = EventRules.integer(at < 0 ? text : text.substring(0, at));
    if (seq < 0 || text.isEmpty() || at == 0) {
      throw Limits.invalid(
          "a cursor must be like 42 or 42@incarnation, this is " + JsonText.shorten(text, 60));
    }
    return at < 0 ? of(seq) : of(seq, text.substring(at + 1));
  }

  /**
   * Returns the seq of the last event that the reader is done with.
   *
   * @return 0 before the first event
   */
  public long seq() {
    return seq;
  }

  /**
   * Returns the incarnation of the session that the position is in.
   *
   * @return empty if the cursor fits any
   */
  public Optional<String> incarnation() {
    return Optional.ofNullable(incarnation);
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof Cursor other
        && seq == other.seq
        && Objects.equals(incarnation, other.incarnation);
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(seq) + Objects.hashCode(incarnation);
  }

  /**
   * Returns the text form, which {@link #parse} reads.
   *
   * @return {@code 42} or {@code 42@incarnation}
   */
  @Override
  public String toString() {
    return incarnation == null ? Long.toString(seq) : seq + "@" + incarnation;
  }
}
