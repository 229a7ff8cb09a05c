package ai.starcite.chat;

import ai.starcite.Event;
import ai.starcite.EventType;
import ai.starcite.Payload;
import ai.starcite.SessionLogException;
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
public record Message(String role, String text, @Nullable String messageId) implements Payload {
  public Message {
    Objects.requireNonNull(role, "role");
    Objects.requireNonNull(text, "text");
  }

  /**
   * Makes a message without an id.
   *
   * @param role who speaks: {@code user}, {@code assistant}, {@code system} or {@code tool}
   * @param text what is said
   */
  public Message(String role, String text) {
    this(role, text, null);
  }

  /**
   * Makes a message of a user.
   *
   * @param text what the user says
   * @return a message without an id
   */
  public static Message user(String text) {
    return new Message("user", text);
  }

  /**
   * Makes a message of an assistant.
   *
   * @param text what the assistant says
   * @return a message without an id
   */
  public static Message assistant(String text) {
    return new Message("assistant", text);
  }

  /**
   * Makes a message of the system.
   *
   * @param text what the system says
   * @return a message without an id
   */
  public static Message system(String text) {
    return new Message("system", text);
  }

  /**
   * Reads the message of an event of type {@code message} or {@code content}. The role of a {@code
   * content} is that of its actor: {@code user:…} is a user, {@code tool:…} a tool, {@code system}
   * the system, and any other actor an assistant.
   *
   * @param event the event
   * @return its message
   * @throws SessionLogException {@code INVALID} if the event is of another type, or its payload
   *     does not have that shape
   */
  public static Message of(Event event) {
    return event.type().equals(Content.TYPE)
        ? new Message(roleOf(event.actor().orElse(null)), event.as(Content.class).text())
        : event.as(Message.class);
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
