package ai.starcite.chat;

import ai.starcite.EventType;
import ai.starcite.Payload;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an agent thinks before it speaks. (Clause EVT-3.)
 *
 * @param text the thought
 * @param messageId the message that it leads to, or null
 */
@EventType("thinking")
public record Thinking(String text, @Nullable String messageId) implements Payload {
  public Thinking {
    Objects.requireNonNull(text, "text");
  }

  /**
   * Makes a thought without a message.
   *
   * @param text the thought
   */
  public Thinking(String text) {
    this(text, null);
  }
}
