package ai.starcite;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A page of a listing (clause SES-6). Immutable. */
public final class SessionPage {
  private final List<Row> sessions;
  private final @Nullable String next;

  /**
   * Makes a page.
   *
   * @param sessions the sessions that were found
   * @param next where the next page starts, or null at the end
   */
  public SessionPage(List<Row> sessions, @Nullable String next) {
    this.sessions = List.copyOf(sessions);
    this.next = next;
  }

  /** A session of a listing, which does not look at events: its last seq is unknown. Immutable. */
  public static final class Row extends SessionFields {
    Row(
        String id,
        @Nullable String title,
        Json metadata,
        Instant createdAt,
        Instant updatedAt,
        long version,
        boolean archived,
        boolean sealed,
        String incarnation) {
      super(id, title, metadata, createdAt, updatedAt, version, archived, sealed, incarnation);
    }

    /**
     * Reads the wire form. Unknown names are ignored.
     *
     * @param wire what {@link #toJson} returned
     * @return an equal row
     * @throws SessionLogException {@code INVALID} if it is something else
     */
    public static Row fromJson(Json wire) {
      Wire read = Wire.read(wire);
      return new Row(
          read.id(),
          read.title(),
          read.metadata(),
          EventWire.time("created_at", read.createdAt()),
          EventWire.time("updated_at", read.updatedAt()),
          read.version(),
          read.archived(),
          read.sealed(),
          read.incarnation());
    }
  }

  /**
   * Returns the sessions that were found. A filtered page may be short or empty though more follow.
   *
   * @return an unmodifiable list, in the store's order of ids
   */
  public List<Row> sessions() {
    return sessions;
  }

  /**
   * Returns where the next page starts, for {@link SessionQuery#withAfter}.
   *
   * @return the id, or empty at the end
   */
  public Optional<String> next() {
    return Optional.ofNullable(next);
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof SessionPage other
        && sessions.equals(other.sessions)
        && Objects.equals(next, other.next);
  }

  @Override
  public int hashCode() {
    return Objects.hash(sessions, next);
  }

  @Override
  public String toString() {
    return "SessionPage[sessions=%s, next=%s]".formatted(sessions, next);
  }
}
