package ai.starcite;

import ai.starcite.internal.Limits;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A change of a session's title and metadata (clause SES-4). Immutable.
 *
 * @param title the new title, an empty string to remove it, or empty to leave it
 * @param metadata top-level keys to set; a value {@code null} removes its key
 * @param expectedVersion the version that the session must have
 */
public record SessionUpdate(
    Optional<String> title, Optional<Json> metadata, OptionalLong expectedVersion) {

  /** Checks the limits of SES-3. */
  public SessionUpdate {
    Objects.requireNonNull(title, "title").ifPresent(Limits::requireTitle);
    Objects.requireNonNull(metadata, "metadata")
        .ifPresent(changes -> Limits.requireObject("metadata", changes));
    Limits.requireNotNegative(
        "expectedVersion", Objects.requireNonNull(expectedVersion, "expectedVersion").orElse(0));
  }

  /**
   * An update that raises the version and changes nothing else, to be built upon.
   *
   * @return an update without changes
   */
  public static SessionUpdate none() {
    return new SessionUpdate(Optional.empty(), Optional.empty(), OptionalLong.empty());
  }

  /**
   * Sets the title.
   *
   * @param newTitle up to 1,024 characters; an empty string removes the title
   * @return a copy
   * @throws SessionLogException {@code INVALID} if the title is too long
   */
  public SessionUpdate withTitle(String newTitle) {
    return new SessionUpdate(
        Optional.of(Objects.requireNonNull(newTitle, "title")), metadata, expectedVersion);
  }

  /**
   * Merges into the metadata, one level deep.
   *
   * @param changes a JSON object; a value {@code null} removes its key
   * @return a copy
   * @throws SessionLogException {@code INVALID} if it is not an object
   */
  public SessionUpdate withMetadata(Json changes) {
    return new SessionUpdate(
        title, Optional.of(Objects.requireNonNull(changes, "metadata")), expectedVersion);
  }

  /**
   * Demands a version, so that nobody's change is overwritten unseen.
   *
   * @param version the version that the session must have
   * @return a copy
   */
  public SessionUpdate withExpectedVersion(long version) {
    return new SessionUpdate(title, metadata, OptionalLong.of(version));
  }
}
