package ai.starcite.chat;

import ai.starcite.EventType;
import ai.starcite.Payload;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an agent is doing, for those who watch. (Clause EVT-3.)
 *
 * @param status the status, such as {@code running}
 * @param detail more about it, or null
 */
@EventType("status")
public record Status(String status, @Nullable String detail) implements Payload {
  public Status {
    Objects.requireNonNull(status, "status");
  }

  /**
   * Makes a status without detail.
   *
   * @param status the status, such as {@code running}
   */
  public Status(String status) {
    this(status, null);
  }
}
