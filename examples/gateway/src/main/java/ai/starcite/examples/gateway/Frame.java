package ai.starcite.examples.gateway;

import ai.starcite.Event;
import ai.starcite.Json;
import java.io.ByteArrayOutputStream;
import java.util.List;

/** The wire form of several events. */
final class Frame {
  private Frame() {}

  /** Writes a JSON array, each event byte for byte as it is stored. */
  static void array(List<Event> events, ByteArrayOutputStream out) {
    out.write('[');
    for (int i = 0; i < events.size(); i++) {
      if (i > 0) {
        out.write(',');
      }
      out.writeBytes(events.get(i).toJson().bytes());
    }
    out.write(']');
  }

  static Json array(List<Event> events) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    array(events, out);
    return Json.of(out.toByteArray());
  }
}
