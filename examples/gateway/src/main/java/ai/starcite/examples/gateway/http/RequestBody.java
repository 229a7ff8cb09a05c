package ai.starcite.examples.gateway.http;

import ai.starcite.Json;
import ai.starcite.SessionLogException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpException;

/**
 * The JSON object that a request carries.
 *
 * @param json the object as it was sent
 * @param members its members but for those that are null, which count as absent
 */
public record RequestBody(Json json, Map<String, Json> members) {

  public static RequestBody read(HttpServletRequest request, GatewayOptions options) {
    requireJson(request);
    byte[] bytes = bytes(request, options);
    Json json;
    try {
      json = Json.parse(bytes);
    } catch (SessionLogException e) {
      throw new Problem(400, "invalid_json", String.valueOf(e.getMessage()));
    }
    if (!json.isObject()) {
      throw new Problem(400, "invalid_json", "the body must be a JSON object");
    }
    Map<String, Json> members = new LinkedHashMap<>(json.members());
    members.values().removeIf(value -> value.toString().equals("null"));
    return new RequestBody(json, members);
  }

  /** Pages of other sites cannot send this type unasked, which is why it is demanded. */
  private static void requireJson(HttpServletRequest request) {
    String type = request.getHeader("Content-Type");
    String[] parts = (type == null ? "" : type).toLowerCase(Locale.ROOT).split(";");
    boolean isJson = parts.length > 0 && parts[0].strip().equals("application/json");
    for (int i = 1; i < parts.length; i++) {
      String parameter = parts[i].replaceAll("[\\s\"]", "");
      isJson &= !parameter.startsWith("charset=") || parameter.equals("charset=utf-8");
    }
    String encoding = request.getHeader("Content-Encoding");
    if (!isJson || (encoding != null && !encoding.equalsIgnoreCase("identity"))) {
      throw Problem.ofStatus(415);
    }
  }

  private static byte[] bytes(HttpServletRequest request, GatewayOptions options) {
    int maxBytes = options.maxBodyBytes();
    if (request.getContentLengthLong() > maxBytes) {
      throw tooLarge(maxBytes);
    }
    try {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      byte[] buffer = new byte[8_192];
      long deadline = System.nanoTime() + options.bodyTimeout().toNanos();
      InputStream in = request.getInputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        body.write(buffer, 0, n);
        if (body.size() > maxBytes) {
          throw tooLarge(maxBytes);
        }
        if (System.nanoTime() > deadline) {
          // Byte by byte, a client could keep a thread for days.
          throw Problem.ofStatus(408).withHeader("Connection", "close");
        }
      }
      return body.toByteArray();
    } catch (IOException e) {
      // The client is too slow, has gone, or does not speak HTTP. Whether it hears of it is open.
      if (e.getCause() instanceof TimeoutException) {
        throw Problem.ofStatus(408).withHeader("Connection", "close");
      }
      throw Problem.ofStatus(e instanceof HttpException http ? http.getCode() : 400);
    } catch (RuntimeException e) {
      if (e instanceof HttpException http) {
        throw Problem.ofStatus(http.getCode());
      }
      throw e;
    }
  }

  private static Problem tooLarge(int maxBytes) {
    return new Problem(413, "event_too_large", "a body may have %d bytes".formatted(maxBytes))
        .withHeader("Connection", "close");
  }

  public boolean has(String name) {
    return members.containsKey(name);
  }

  public Optional<Json> json(String name) {
    return Optional.ofNullable(members.get(name));
  }

  /** A string; what else it is has the name of that error. */
  public Optional<String> text(String name, String error) {
    return json(name).map(value -> Problem.naming(error, () -> value.as(String.class)));
  }

  /** A whole number from 0 up, which may be digits in a string. */
  public OptionalLong number(String name, String error) {
    Json value = members.get(name);
    if (value == null) {
      return OptionalLong.empty();
    }
    String digits = value.toString();
    if (digits.startsWith("\"")) {
      digits = digits.substring(1, digits.length() - 1);
    }
    return OptionalLong.of(Numbers.parse(digits, error, name));
  }
}
