package ai.starcite;

import ai.starcite.internal.Limits;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A session to be created (clauses SES-1 to SES-3). Immutable. */
public final class NewSession {
  private static final NewSession DEFAULTS = new NewSession(null, null, Json.parse("{}"));

  private final @Nullable String id;
  private final @Nullable String title;
  private final Json metadata;

  private NewSession(@Nullable String id, @Nullable String title, Json metadata) {
    this.id = id;
    this.title = title;
    this.metadata = metadata;
  }

  /**
   * Returns a session whose id the log makes, without title and metadata.
   *
   * @return a session to build upon
   */
  public static NewSession defaults() {
    return DEFAULTS;
  }

  /**
   * Makes a session with a title, whose id the log makes.
   *
   * @param title up to 1,024 characters; an empty string is no title
   * @return a session without metadata
   * @throws SessionLogException {@code INVALID} if the title is too long
   */
  public static NewSession titled(String title) {
    return DEFAULTS.withTitle(title);
  }

  /**
   * Makes a session with an id of your own.
   *
   * @param id 1 to 256 bytes of UTF-8 without control characters
   * @return a session without title and metadata
   * @throws SessionLogException {@code INVALID} if the id breaks a limit
   */
  public static NewSession ofId(String id) {
    return DEFAULTS.withId(id);
  }

  /**
   * Sets the id.
   *
   * @param newId 1 to 256 bytes of UTF-8 without control characters
   * @return a copy
   * @throws SessionLogException {@code INVALID} if the id breaks a limit
   */
  public NewSession withId(String newId) {
    Objects.requireNonNull(newId, "id");
    return new NewSession(Limits.requireSessionId(newId), title, metadata);
  }

  /**
   * Sets the title.
   *
   * @param newTitle up to 1,024 characters; an empty string is no title
   * @return a copy
   * @throws SessionLogException {@code INVALID} if the title is too long
   */
  public NewSession withTitle(String newTitle) {
    Limits.requireTitle(newTitle);
    return new NewSession(id, newTitle.isEmpty() ? null : newTitle, metadata);
  }

  /**
   * Sets the metadata.
   *
   * @param newMetadata a JSON object of up to 64 KiB
   * @return a copy
   * @throws SessionLogException {@code INVALID} if it is not an object, or too large
   */
  public NewSession withMetadata(Json newMetadata) {
    Limits.requireMetadata(newMetadata);
    return new NewSession(id, title, newMetadata);
  }

  /**
   * Returns the id.
   *
   * @return the id, or empty to have one made: {@code ses_} and 16 random characters
   */
  public Optional<String> id() {
    return Optional.ofNullable(id);
  }

  /**
   * Returns the title.
   *
   * @return the title, or empty for none
   */
  public Optional<String> title() {
    return Optional.ofNullable(title);
  }

  /**
   * Returns the metadata.
   *
   * @return a JSON object
   */
  public Json metadata() {
    return metadata;
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof NewSession other
        && Objects.equals(id, other.id)
        && Objects.equals(title, other.title)
        && metadata.equals(other.metadata);
  }

  @Override
  public int hashCode() {
    return Objects.hash(id, title, metadata);
  }

  @Override
  public String toString() {
    return "NewSession[id=%s, title=%s, metadata=%s]".formatted(id, title, metadata);
  }
}
