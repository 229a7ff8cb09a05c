package ai.starcite.examples.cli.text;

import ai.starcite.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Adds members to objects and leaves all other bytes as they are. */
public final class Splice {
  private Splice() {}

  /** An object as the library writes it, not empty, with one more member. */
  public static Json add(Json object, String name, Json value) {
    byte[] bytes = object.bytes();
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length + value.size() + 32);
    out.write(bytes, 0, bytes.length - 1);
    out.writeBytes((",\"" + name + "\":").getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(value.bytes());
    out.write('}');
    return Json.parse(out.toByteArray());
  }
}
