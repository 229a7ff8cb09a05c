package ai.starcite;

import ai.starcite.internal.Limits;
import java.util.Objects;
import java.util.Optional;

/**
 * A session to be created. Immutable.
 *
 * @param id the id, or empty to have one made: {@code ses_} and 16 random characters
 * @param title up to 1,024 characters; an empty string is no title
 * @param metadata a JSON object of up to 64 KiB
 */
public record NewSession(Optional<String> id, Optional<String> title, Json metadata) {
  private static final Json NO_METADATA = Json.parse("{}");

  /** Checks the limits of SES-2 and SES-3. */
  public NewSession {
    Objects.requireNonNull(id, "id").ifPresent(Limits::requireSessionId);
    Objects.requireNonNull(title, "title").ifPresent(Limits::requireTitle);
    title = title.filter(text -> !text.isEmpty());
    Limits.requireMetadata(metadata);
  }

  /**
   * A session whose id is made for it.
   *
   * @return a session without title and metadata
   */
  public static NewSession unnamed() {
    return new NewSession(Optional.empty(), Optional.empty(), NO_METADATA);
  }

  /**
   * A session with an id of your own.
   *
   * @param id 1 to 256 bytes of UTF-8 without control characters
   * @return a session without title and metadata
   * @throws SessionLogException {@code INVALID} if the id breaks a limit
   */
  public static NewSession named(String id) {
    return unnamed().withId(id);
  }

  /**
   * A session with a title, whose id is made for it.
   *
   * @param title up to 1,024 characters; an empty string is no title
   * @return a session without metadata
   * @throws SessionLogException {@code INVALID} if the title is too long
   */
  public static NewSession titled(String title) {
    return unnamed().withTitle(title);
  }

  /**
   * Sets the id.
   *
   * @param newId 1 to 256 bytes of UTF-8 without control characters
   * @return a copy
   * @throws SessionLogException {@code INVALID} if the id breaks a limit
   */
  public NewSession withId(String newId) {
    return new NewSession(Optional.of(Objects.requireNonNull(newId, "id")), title, metadata);
  }

  /**
   * Sets the title.
   *
   * @param newTitle up to 1,024 characters
   * @return a copy
   * @throws SessionLogException {@code INVALID} if the title is too long
   */
  public NewSession withTitle(String newTitle) {
    return new NewSession(id, Optional.of(Objects.requireNonNull(newTitle, "title")), metadata);
  }

  /**
   * Sets the metadata.
   *
   * @param newMetadata a JSON object of up to 64 KiB
   * @return a copy
   * @throws SessionLogException {@code INVALID} if it is not an object, or too large
   */
  public NewSession withMetadata(Json newMetadata) {
    return new NewSession(id, title, newMetadata);
  }
}
