package ai.starcite.chat;

import ai.starcite.Event;
import ai.starcite.EventType;
import ai.starcite.Payload;
import java.util.Objects;

/**
 * Text of an agent, as older producers write it. {@link Event#as} can show it as a {@link Message}.
 * (Clause EVT-3.)
 *
 * @param text the text
 */
@EventType(Content.TYPE)
public record Content(String text) implements Payload {
  static final String TYPE = "content";

  public Content {
    Objects.requireNonNull(text, "text");
  }
}
