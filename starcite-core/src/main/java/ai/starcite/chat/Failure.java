package ai.starcite.chat;

import ai.starcite.EventType;
import ai.starcite.Payload;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Something went wrong. Its event type is {@code error}; the record is not called so because of
 * {@link Error}. (Clause EVT-3.)
 *
 * @param message what went wrong
 * @param code a code for programs, or null
 * @param messageId the message that it ended, or null
 */
@EventType("error")
public record Failure(String message, @Nullable String code, @Nullable String messageId)
    implements Payload {
  public Failure {
    Objects.requireNonNull(message, "message");
  }

  /**
   * Makes a failure without code and message id.
   *
   * @param message what went wrong
   */
  public Failure(String message) {
    this(message, null, null);
  }
}
