package ai.starcite.chat;

import ai.starcite.EventType;
import ai.starcite.Json;
import ai.starcite.Payload;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A point that work can be taken up from again. (Clause EVT-3.)
 *
 * @param name the name of the point
 * @param data what is needed to go on from there, or null
 */
@EventType("checkpoint")
public record Checkpoint(String name, @Nullable Json data) implements Payload {
  public Checkpoint {
    Objects.requireNonNull(name, "name");
  }

  /**
   * Makes a checkpoint without data.
   *
   * @param name the name of the point
   */
  public Checkpoint(String name) {
    this(name, null);
  }
}
