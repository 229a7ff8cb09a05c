package ai.starcite;

import ai.starcite.internal.Limits;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A change of a session's title and metadata (clause SES-4). Immutable. */
public final class SessionUpdate {
  private static final SessionUpdate DEFAULTS = new SessionUpdate(null, null, -1);

  private final @Nullable String title;
  private final @Nullable Json metadata;
  private final long expectedVersion;

  private SessionUpdate(@Nullable String title, @Nullable Json metadata, long expectedVersion) {
    this.title = title;
    this.metadata = metadata;
    this.expectedVersion = expectedVersion;
  }

  /**
   * Returns an update that raises the version and changes nothing else.
   *
   * @return an update to build upon
   */
  public static SessionUpdate defaults() {
    return DEFAULTS;
  }

  /**
   * Sets the title.
   *
   * @param newTitle up to 1,024 characters; an empty string removes the title
   * @return a copy
   * @throws SessionLogException {@code INVALID} if the title is too long
   */
  public SessionUpdate withTitle(String newTitle) {
    Limits.requireTitle(newTitle);
    return new SessionUpdate(newTitle, metadata, expectedVersion);
  }

  /**
   * Merges into the metadata, one level deep.
   *
   * @param changes a JSON object; a value {@code null} removes its key
   * @return a copy
   * @throws SessionLogException {@code INVALID} if it is not an object
   */
  public SessionUpdate withMetadata(Json changes) {
    Limits.requireObject("metadata", changes);
    return new SessionUpdate(title, changes, expectedVersion);
  }

  /**
   * Demands a version, so that no change by others is overwritten unseen.
   *
   * @param version the version that the session must have
   * @return a copy
   * @throws SessionLogException {@code INVALID} if it is negative
   */
  public SessionUpdate withExpectedVersion(long version) {
    Limits.requireNotNegative("expectedVersion", version);
    return new SessionUpdate(title, metadata, version);
  }

  /**
   * Returns the new title.
   *
   * @return the title, an empty string to remove it, or empty to leave it
   */
  public Optional<String> title() {
    return Optional.ofNullable(title);
  }

  /**
   * Returns the changes of the metadata.
   *
   * @return top-level keys to set, where a value {@code null} removes its key; or empty
   */
  public Optional<Json> metadata() {
    return Optional.ofNullable(metadata);
  }

  /**
   * Returns the version that the session must have.
   *
   * @return the version, or empty for any
   */
  public OptionalLong expectedVersion() {
    return expectedVersion < 0 ? OptionalLong.empty() : OptionalLong.of(expectedVersion);
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof SessionUpdate other
        && Objects.equals(title, other.title)
        && Objects.equals(metadata, other.metadata)
        && expectedVersion == other.expectedVersion;
  }

  @Override
  public int hashCode() {
    return Objects.hash(title, metadata, expectedVersion);
  }

  @Override
  public String toString() {
    return "SessionUpdate[title=%s, metadata=%s, expectedVersion=%s]"
        .formatted(title, metadata, expectedVersion < 0 ? "any" : expectedVersion);
  }
}
