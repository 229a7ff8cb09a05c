package ai.starcite.examples.gateway.tails;

import ai.starcite.Event;
import java.io.ByteArrayOutputStream;
import java.util.List;

/** The wire form of several events. */
final class Frame {
  private Frame() {}

  /**
   * A JSON array, each event byte for byte as it is stored. It may be nested more deeply than what
   * a log takes, since what the log took may be as deep as that.
   */
  static byte[] array(List<Event> events) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    char separator = '[';
    for (Event event : events) {
      out.write(separator);
      out.writeBytes(event.toJson().bytes());
      separator = ',';
    }
    if (events.isEmpty()) {
      out.write('[');
    }
    out.write(']');
    return out.toByteArray();
  }
}
