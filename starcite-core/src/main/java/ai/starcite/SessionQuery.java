package ai.starcite;

import ai.starcite.internal.Limits;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Which sessions to list (clause SES-6). Immutable.
 *
 * @param prefix only ids that start with this
 * @param after only ids that come after this one in the store's order; see {@link
 *     SessionList#next()}
 * @param limit at most so many sessions, 1 to 1,000
 * @param visibility whether archived sessions are listed
 * @param metadata top-level metadata keys and the values they must have, compared as JSON values
 */
public record SessionQuery(
    String prefix,
    Optional<String> after,
    int limit,
    Visibility visibility,
    Map<String, Json> metadata) {

  /** Whether archived sessions are listed. */
  public enum Visibility {
    /** Only those that are not archived. */
    ACTIVE,
    /** Only those that are archived. */
    ARCHIVED,
    /** Both. */
    ALL
  }

  /** Checks the limits of SES-6. */
  public SessionQuery {
    Objects.requireNonNull(prefix, "prefix");
    Limits.requireWellFormed("prefix", prefix);
    Objects.requireNonNull(after, "after").ifPresent(id -> Limits.requireWellFormed("after", id));
    if (limit < 1 || limit > 1_000) {
      throw Limits.invalid("limit is " + limit + "; it must be 1 to 1000");
    }
    Objects.requireNonNull(visibility, "visibility");
    Objects.requireNonNull(metadata, "metadata")
        .forEach(
            (key, value) -> {
              Objects.requireNonNull(key, "a key of metadata");
              Objects.requireNonNull(value, "a value of metadata");
            });
    metadata = Map.copyOf(metadata);
  }

  /**
   * The first hundred active sessions, to be built upon.
   *
   * @return a query without conditions
   */
  public static SessionQuery all() {
    return new SessionQuery("", Optional.empty(), 100, Visibility.ACTIVE, Map.of());
  }

  /**
   * Lists only ids that start with a prefix.
   *
   * @param newPrefix the prefix
   * @return a copy
   */
  public SessionQuery withPrefix(String newPrefix) {
    return new SessionQuery(newPrefix, after, limit, visibility, metadata);
  }

  /**
   * Goes on after an id.
   *
   * @param id the {@link SessionList#next()} of the page before
   * @return a copy
   */
  public SessionQuery withAfter(String id) {
    return new SessionQuery(
        prefix, Optional.of(Objects.requireNonNull(id, "after")), limit, visibility, metadata);
  }

  /**
   * Sets the length of a page.
   *
   * @param newLimit 1 to 1,000
   * @return a copy
   * @throws SessionLogException {@code INVALID} if it is out of range
   */
  public SessionQuery withLimit(int newLimit) {
    return new SessionQuery(prefix, after, newLimit, visibility, metadata);
  }

  /**
   * Lists active sessions, archived ones, or both.
   *
   * @param newVisibility which
   * @return a copy
   */
  public SessionQuery withVisibility(Visibility newVisibility) {
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
    return new SessionQuery(prefix, after, limit, visibility, conditions);
  }

  /**
   * Lists only sessions whose metadata has this string at this top-level key.
   *
   * @param key a top-level key
   * @param value the string
   * @return a copy with this condition beside the others
   */
  public SessionQuery withMetadata(String key, String value) {
    return withMetadata(key, Json.from(Objects.requireNonNull(value, "value")));
  }
}
