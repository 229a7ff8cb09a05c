package ai.starcite;

import ai.starcite.SessionLogException.Code;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON text token by token: checks it (clause EVT-4), and cuts values out of checked text.
 *
 * <p>Text is decoded strictly first and parsed as characters. That leaves no room for guesses at
 * another encoding, and keeps no table of names, which hostile input could fill.
 */
final class JsonText {
  /** How deep what is stored may be nested. */
  static final int MAX_DEPTH = 100;

  /** How deep any JSON may be nested: the wire form of an event is one object around the rest. */
  static final int WIRE_DEPTH = MAX_DEPTH + 1;

  private static final int MAX_REASON = 300;

  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  /** What Jackson says of its own switches and sources, which nobody can reach here. */
  private static final Pattern HINTS =
      Pattern.compile(
          "(: enable `| \\(or disable|: add Module).*"
              + "| \\((set|but|although|start marker|for \\w+ starting|not recognized) "
              + "([^()]++|\\([^()]*+\\))*+\\)");

  private static final JsonFactory STRICT =
      new JsonFactoryBuilder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(WIRE_DEPTH + 1) // a net: check() stops before
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .streamWriteConstraints(
              StreamWriteConstraints.builder().maxNestingDepth(WIRE_DEPTH).build())
          .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
          .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS) // but as they are, for check() to reject
          .build();

  /** For text that is known to be valid: the same limits, no search for duplicate keys. */
  static final JsonFactory CHECKED = lenient();

  private JsonText() {}

  /** A factory of its own with the limits of this class, for the one who wants to configure it. */
  static JsonFactory lenient() {
    return STRICT.rebuild().disable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  }

  /** Returns the depth of one valid JSON value in UTF-8; else fails with {@code INVALID}. */
  static int check(byte[] utf8) {
    return check(Utf8.decode(utf8));
  }

  /** Returns the depth of one valid JSON value, as a text without lone surrogates. */
  static int check(String text) {
    if (!text.isEmpty() && text.charAt(0) == '\uFEFF') {
      throw invalid(text, 0, "a byte order mark; leave it out");
    }
    int depth;
    try (JsonParser parser = STRICT.createParser(text)) {
      depth = checkTokens(text, parser);
    } catch (JsonProcessingException e) {
      throw invalid(text, offset(text, e.getLocation()), reason(e));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    checkEscapes(text);
    return depth;
  }

  private static int checkTokens(String text, JsonParser parser) throws IOException {
    JsonToken token = parser.nextToken();
    if (token == null) {
      throw invalid(text, text.length(), "empty, where a value is expected");
    }
    int depth = 0;
    int deepest = 0;
    do {
      if (token.isStructStart()) {
        if (++depth > WIRE_DEPTH) {
          int at = offset(text, parser.currentTokenLocation());
          throw invalid(text, at, "nested deeper than " + WIRE_DEPTH + " levels");
        }
        deepest = Math.max(deepest, depth);
      } else if (token.isStructEnd()) {
        depth--;
      }
      token = parser.nextToken();
    } while (depth > 0);
    if (token != null) {
      throw invalid(
          text, offset(text, parser.currentTokenLocation()), "content after the end of the value");
    }
    return deepest;
  }

  /** Whether valid JSON is nested deeper than so many levels. */
  static boolean isDeeper(byte[] utf8, int levels) {
    int depth = 0;
    for (int i = 0; i < utf8.length; i++) {
      switch (utf8[i]) {
        case '{', '[' -> {
          if (++depth > levels) {
            return true;
          }
        }
        case '}', ']' -> depth--;
        case '"' -> i = endOfString(utf8, i);
        default -> {}
      }
    }
    return false;
  }

  private static int endOfString(byte[] utf8, int start) {
    int i = start + 1;
    while (utf8[i] != '"') {
      i += utf8[i] == '\\' ? 2 : 1;
    }
    return i;
  }

  /** In valid JSON a backslash stands in strings and keys only, always before a whole escape. */
  private static void checkEscapes(String text) {
    int at = text.indexOf('\\');
    while (at >= 0) {
      int next = at + 2;
      if (text.charAt(at + 1) == 'u') {
        char escaped = unescape(text, at);
        next = at + 6;
        if (Character.isSurrogate(escaped)) {
          if (Character.isLowSurrogate(escaped)
              || !text.startsWith("\\u", next)
              || !Character.isLowSurrogate(unescape(text, next))) {
            throw invalid(text, at, "a lone surrogate, " + text.substring(at, next));
          }
          next += 6;
        }
      }
      at = text.indexOf('\\', next);
    }
  }

  /** Jackson looks at the low byte of a digit only, so this looks at all of it. */
  private static char unescape(String text, int backslash) {
    int value = 0;
    for (int i = backslash + 2; i < backslash + 6; i++) {
      char c = text.charAt(i);
      if (c > 'f') {
        throw invalid(text, i, "a character that is no hexadecimal digit, in an escape");
      }
      value = value << 4 | Character.digit(c, 16);
    }
    return (char) value;
  }

  /** Cuts out the value at the parser's current token, and leaves the parser at its end. */
  static Json cut(String text, JsonParser parser) throws IOException {
    int start = offset(text, parser.currentTokenLocation());
    parser.skipChildren();
    parser.finishToken();
    int end = offset(text, parser.currentLocation());
    // It may be all of the text, and as deep as that.
    return new Json(text.substring(start, end).getBytes(StandardCharsets.UTF_8), true);
  }

  /** The characters of a JSON string, or null if the value is none. */
  static @Nullable String string(Json json) {
    try (JsonParser parser = CHECKED.createParser(json.toString())) {
      return parser.nextToken() == JsonToken.VALUE_STRING ? parser.getText() : null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int offset(String text, @Nullable JsonLocation location) {
    long offset = location == null ? 0 : location.getCharOffset();
    return (int) Math.max(0, Math.min(offset, text.length()));
  }

  /** What Jackson found. */
  static String reason(JsonProcessingException e) {
    String reason = shorten(String.valueOf(e.getOriginalMessage()), 2 * MAX_REASON);
    return shorten(HINTS.matcher(reason).replaceAll(""), MAX_REASON);
  }

  private static SessionLogException invalid(String text, int at, String reason) {
    int offset = Utf8.length(text.substring(0, at));
    return new SessionLogException(Code.INVALID, "invalid JSON at byte " + offset + ": " + reason);
  }

  /** The beginning of a value, for messages. */
  static String preview(Json json) {
    return shorten(json.toString(), 60);
  }

  /** At most about so many characters of a text, without control characters, for messages. */
  static String shorten(String text, int max) {
    String shown = text;
    if (text.length() > max) {
      int end = Character.isHighSurrogate(text.charAt(max - 1)) ? max - 1 : max;
      shown = text.substring(0, end) + "…";
    }
    return CONTROL.matcher(shown).replaceAll(" ");
  }
}
