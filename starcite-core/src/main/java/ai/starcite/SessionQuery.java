package ai.starcite;

import ai.starcite.internal.Limits;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which sessions to list (clause SES-6). Immutable. */
public final class SessionQuery {
  private static final int DEFAULT_LIMIT = 100;
  private static final int MOST = 1_000;
  private static final SessionQuery ACTIVE =
      new SessionQuery("", null, DEFAULT_LIMIT, Visibility.ACTIVE, Map.of());

  private final String prefix;
  private final @Nullable String after;
  private final int limit;
  private final Visibility visibility;
  private final Map<String, Json> metadata;

  /** Whether archived sessions are listed. */
  public enum Visibility {
    /** Only those that are not archived. */
    ACTIVE,
    /** Only those that are archived. */
    ARCHIVED,
    /** Both. */
    ALL
  }

  private SessionQuery(
      String prefix,
      @Nullable String after,
      int limit,
      Visibility visibility,
      Map<String, Json> metadata) {
    this.prefix = prefix;
    this.after = after;
    this.limit = limit;
    this.visibility = visibility;
    this.metadata = metadata;
  }

  /**
   * Lists the sessions that are not archived, a hundred to a page.
   *
   * @return a query to build upon
   */
  public static SessionQuery active() {
    return ACTIVE;
  }

  /**
   * Lists all sessions, archived ones too, a hundred to a page.
   *
   * @return a query to build upon
   */
  public static SessionQuery everything() {
    return ACTIVE.withVisibility(Visibility.ALL);
  }

  /**
   * Lists only ids that start with a prefix.
   *
   * @param newPrefix the prefix
   * @return a copy
   * @throws SessionLogException {@code INVALID} if it has a lone surrogate
   */
  public SessionQuery withPrefix(String newPrefix) {
    Limits.requireWellFormed("prefix", Objects.requireNonNull(newPrefix, "prefix"));
    return new SessionQuery(newPrefix, after, limit, visibility, metadata);
  }

  /**
   * Goes on after an id, in the store's order.
   *
   * @param id the {@link SessionPage#next()} of the page before
   * @return a copy
   * @throws SessionLogException {@code INVALID} if it has a lone surrogate
   */
  public SessionQuery withAfter(String id) {
    Limits.requireWellFormed("after", Objects.requireNonNull(id, "after"));
    return new SessionQuery(prefix, id, limit, visibility, metadata);
  }

  /**
   * Sets the length of a page.
   *
   * @param newLimit 1 to 1,000
   * @return a copy
   * @throws SessionLogException {@code INVALID} if it is out of range
   */
  public SessionQuery withLimit(int newLimit) {
    if (newLimit < 1 || newLimit > MOST) {
      throw Limits.invalid("limit is " + newLimit + "; it must be 1 to " + MOST);
    }
    return new SessionQuery(prefix, after, newLimit, visibility, metadata);
  }

  /**
   * Lists active sessions, archived ones, or both.
   *
   * @param newVisibility which
   * @return a copy
   */
  public SessionQuery withVisibility(Visibility newVisibility) {
    Objects.requireNonNull(newVisibility, "visibility");
    return new SessionQuery(prefix, after, limit, newVisibility, metadata);
  }

  /**
   * Lists only sessions whose metadata has this value at this top-level key.
   *
   * @param key a top-level key
   * @param value the value, compared as JSON
   * @return a copy with this condition beside the others
   */
  public SessionQuery withMetadata(String key, Json value) {
    Map<String, Json> conditions = new LinkedHashMap<>(metadata);
    conditions.put(Objects.requireNonNull(key, "key"), Objects.requireNonNull(value, "value"));
    return new SessionQuery(prefix, after, limit, visibility, Map.copyOf(conditions));
  }

  /**
   * Lists only sessions whose metadata has this string at this top-level key.
   *
   * @param key a top-level key
   * @param value the string
   * @return a copy with this condition beside the others
   */
  public SessionQuery withMetadata(String key, String value) {
    return withMetadata(key, Json.encode(Objects.requireNonNull(value, "value")));
  }

  /**
   * Returns what ids must start with.
   *
   * @return the prefix, empty for all
   */
  public String prefix() {
    return prefix;
  }

  /**
   * Returns the id that the page starts after.
   *
   * @return the id, or empty for the start
   */
  public Optional<String> after() {
    return Optional.ofNullable(after);
  }

  /**
   * Returns the length of a page.
   *
   * @return 1 to 1,000
   */
  public int limit() {
    return limit;
  }

  /**
   * Returns whether archived sessions are listed.
   *
   * @return which are
   */
  public Visibility visibility() {
    return visibility;
  }

  /**
   * Returns the top-level metadata keys and the values that they must have.
   *
   * @return an unmodifiable map
   */
  public Map<String, Json> metadata() {
    return metadata;
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof SessionQuery other
        && prefix.equals(other.prefix)
        && Objects.equals(after, other.after)
        && limit == other.limit
        && visibility == other.visibility
        && metadata.equals(other.metadata);
  }

  @Override
  public int hashCode() {
    return Objects.hash(prefix, after, limit, visibility, metadata);
  }

  @Override
  public String toString() {
    return "SessionQuery[prefix=%s, after=%s, limit=%d, visibility=%s, metadata=%s]"
        .formatted(prefix, after, limit, visibility, metadata);
  }
}
