package ai.starcite.examples.gateway.http;

import ai.starcite.Json;
import io.javalin.http.Context;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** What the routes read from a request, and write to its answer, in the same way. */
public final class Requests {
  private static final int ID_SEGMENT = 3;

  private Requests() {}

  /**
   * The id in {@code /v1/sessions/ID/…}, any byte of it percent-encoded. It is taken from the raw
   * path, since an id may have slashes and dots in it, and must not come out changed.
   */
  public static String sessionId(Context ctx) {
    String segment = ctx.req().getRequestURI().split("/", -1)[ID_SEGMENT];
    ByteBuffer bytes = ByteBuffer.allocate(segment.length() * 3);
    for (int i = 0; i < segment.length(); i++) {
      char c = segment.charAt(i);
      if (c != '%') {
        bytes.put(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
      } else if (i + 2 < segment.length() && hex(segment, i + 1) && hex(segment, i + 2)) {
        bytes.put((byte) Integer.parseInt(segment.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        throw badId();
      }
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
    } catch (CharacterCodingException e) {
      throw badId();
    }
  }

  private static boolean hex(String text, int index) {
    return Character.digit(text.charAt(index), 16) >= 0;
  }

  private static Problem badId() {
    return new Problem(
        400, "invalid_session_id", "the session id in the path is not percent-encoded UTF-8");
  }

  public static Map<String, List<String>> query(Context ctx) {
    return Query.parse(ctx.req().getQueryString());
  }

  public static void answer(Context ctx, int status, Json json) {
    answer(ctx, status, json.bytes());
  }

  public static void answer(Context ctx, int status, byte[] json) {
    ctx.status(status).contentType("application/json").result(json);
  }
}
