package ai.starcite;

import java.util.Objects;

/**
 * Text of an agent, as older producers write it. {@link Event#as} can show it as a {@link Message}.
 * (Clause EVT-3.)
 *
 * @param text the text
 */
@EventType(Content.TYPE)
public record Content(String text) {
  static final String TYPE = "content";

  public Content {
    Objects.requireNonNull(text, "text");
  }
}
