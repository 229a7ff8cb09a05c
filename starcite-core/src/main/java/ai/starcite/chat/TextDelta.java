package ai.starcite.chat;

import ai.starcite.EventType;
import ai.starcite.Payload;
import java.util.Objects;

/**
 * A piece of a message that is still being written. The pieces of one actor and {@code messageId}
 * belong together in the order of their seqs; the final {@link Message} replaces them. (Clause
 * EVT-3.)
 *
 * @param messageId the message that it belongs to
 * @param text the piece
 */
@EventType("text_delta")
public record TextDelta(String messageId, String text) implements Payload {
  public TextDelta {
    Objects.requireNonNull(messageId, "messageId");
    Objects.requireNonNull(text, "text");
  }
}
