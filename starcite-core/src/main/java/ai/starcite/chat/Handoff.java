package ai.starcite.chat;

import ai.starcite.EventType;
import ai.starcite.Payload;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One agent hands the work to another. (Clause EVT-3.)
 *
 * @param from the agent that had it
 * @param to the agent that has it from now on
 * @param reason why, or null
 */
@EventType("handoff")
public record Handoff(String from, String to, @Nullable String reason) implements Payload {
  public Handoff {
    Objects.requireNonNull(from, "from");
    Objects.requireNonNull(to, "to");
  }

  /**
   * Makes a handoff without a reason.
   *
   * @param from the agent that had it
   * @param to the agent that has it from now on
   */
  public Handoff(String from, String to) {
    this(from, to, null);
  }
}
