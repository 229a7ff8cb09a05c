package ai.starcite.examples.cli.text;

import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.SessionLogException;
import ai.starcite.examples.cli.console.Printable;
import java.util.Set;

/** Events as people read them: {@code [drafter] text}, or the type and the payload. */
public final class EventText {
  private static final Set<String> SAID = Set.of("content", "message");
  private static final String AGENT = "agent:";
  private static final int[] COLOURS = {36, 32, 33, 35, 34, 31};

  private final boolean colours;

  public EventText(boolean colours) {
    this.colours = colours;
  }

  public String of(Event event) {
    String actor = event.actor().orElse("-");
    String name = actor.startsWith(AGENT) ? actor.substring(AGENT.length()) : actor;
    String label = "[" + Printable.line(name) + "]";
    if (colours) {
      int colour = COLOURS[Math.floorMod(actor.hashCode(), COLOURS.length)];
      label = "\u001b[" + colour + "m" + label + "\u001b[0m";
    }
    String text = SAID.contains(event.type()) ? text(event) : null;
    return label
        + " "
        + (text != null
            ? Printable.block(text)
            : Printable.line(event.type() + " " + event.payload().toString().replace('\n', ' ')));
  }

  /** What is said, or null if the payload has another shape. */
  private static String text(Event event) {
    Json text = event.payload().members().get("text");
    try {
      return text == null ? null : text.as(String.class);
    } catch (SessionLogException e) {
      return null;
    }
  }
}
