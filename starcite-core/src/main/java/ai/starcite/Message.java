package ai.starcite;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A whole message of a conversation. It replaces the {@link TextDelta}s of the same actor and
 * {@code messageId}. (Clause EVT-3.)
 *
 * @param role who speaks: {@code user}, {@code assistant}, {@code system} or {@code tool}
 * @param text what is said
 * @param messageId the id that its deltas carried, or null
 */
@EventType("message")
public record Message(String role, String text, @Nullable String messageId) {
  public Message {
    Objects.requireNonNull(role, "role");
    Objects.requireNonNull(text, "text");
  }

  /**
   * A message without an id.
   *
   * @param role who speaks: {@code user}, {@code assistant}, {@code system} or {@code tool}
   * @param text what is said
   */
  public Message(String role, String text) {
    this(role, text, null);
  }

  /** The role that an actor speaks in, by its kind. */
  static String roleOf(@Nullable String actor) {
    if (actor == null) {
      return "assistant";
    }
    if (actor.equals("system") || actor.startsWith("system:")) {
      return "system";
    }
    if (actor.startsWith("user:")) {
      return "user";
    }
    return actor.startsWith("tool:") ? "tool" : "assistant";
  }
}
