package ai.starcite;

import ai.starcite.SessionLogException.Code;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the fields of an event must be (clause EVT-1). Each rule returns what it was given. */
final class EventRules {
  private static final int MAX_TEXT_BYTES = 256;

  private EventRules() {}

  /** The actor of an agent. */
  static String agent(String name, String value) {
    if (text(name, value).startsWith("agent:")) {
      throw invalid(
          "%s is \"%s\", which would be the actor agent:%s; leave \"agent:\" out, or use withActor"
              .formatted(name, value, value));
    }
    return "agent:" + value;
  }

  static String text(String name, String value) {
    Objects.requireNonNull(value, name);
    int lone = Utf8.indexOfLoneSurrogate(value);
    if (lone >= 0) {
      throw invalid(name + " has a lone surrogate at index " + lone);
    }
    int bytes = Utf8.length(value);
    if (bytes == 0 || bytes > MAX_TEXT_BYTES) {
      throw invalid(name + " must be 1 to 256 bytes of UTF-8, this is " + bytes);
    }
    return value;
  }

  /** An object of the depth that can be stored (clause EVT-4). */
  static Json object(String name, Json value) {
    anyObject(name, value);
    if (value.isTooDeep()) {
      throw invalid(
          name
              + " is nested deeper than "
              + JsonText.MAX_DEPTH
              + " levels, which only the wire form of an event may be");
    }
    return value;
  }

  /** An object, which may be the wire form around what can be stored. */
  static Json anyObject(String name, Json value) {
    Objects.requireNonNull(value, name);
    if (!value.isObject()) {
      throw invalid(name + " must be a JSON object, this is " + JsonText.preview(value));
    }
    return value;
  }

  static Json refs(Json refs) {
    Map<String, Json> members = object("refs", refs).members();
    atLeast(1, "refs.to_seq", members.get("to_seq"));
    atLeast(0, "refs.step", members.get("step"));
    string("refs.request_id", members.get("request_id"));
    string("refs.sequence_id", members.get("sequence_id"));
    return refs;
  }

  private static void atLeast(long min, String name, @Nullable Json value) {
    if (value != null && !value.isNull() && integer(value.toString()) < min) {
      throw invalid(
          name + " must be a whole number from " + min + " up, not " + JsonText.preview(value));
    }
  }

  /** A JSON string, or null where there is none or a JSON null. */
  static @Nullable String string(String name, @Nullable Json value) {
    if (value == null || value.isNull()) {
      return null;
    }
    String text = JsonText.string(value);
    if (text == null) {
      throw invalid(name + " must be a JSON string, this is " + JsonText.preview(value));
    }
    return text;
  }

  /** The number that a text of nothing but digits stands for, or -1 if it is none of a long. */
  static long integer(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return -1;
      }
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  static SessionLogException invalid(String message) {
    return new SessionLogException(Code.INVALID, message);
  }
}
