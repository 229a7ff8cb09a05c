package ai.starcite;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What checked JSON text means: its members, and whether two texts mean the same. */
final class JsonValues {
  private JsonValues() {}

  /** The members of an object in their order, each cut out as it stands. */
  static Map<String, Json> members(Json object) {
    String text = object.toString();
    Map<String, Json> members = new LinkedHashMap<>();
    try (JsonParser parser = JsonText.CHECKED.createParser(text)) {
      parser.nextToken();
      for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
        parser.nextToken();
        members.put(name, JsonText.cut(text, parser));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Collections.unmodifiableMap(members);
  }

  /** Whether two values are equal whatever their order of keys, white space, and way of writing. */
  static boolean same(Json one, Json other) {
    return read(one).equals(read(other));
  }

  /** A hash of what a value means: the same for all that are the {@link #same}. */
  static int hash(Json json) {
    return read(json).hashCode();
  }

  private static Object read(Json json) {
    try (JsonParser parser = JsonText.CHECKED.createParser(json.toString())) {
      return read(parser, parser.nextToken());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Recursive, as deep as checked JSON can be. */
  private static Object read(JsonParser parser, JsonToken token) throws IOException {
    return switch (token) {
      case START_OBJECT -> {
        Map<String, Object> members = new HashMap<>();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
          members.put(name, read(parser, parser.nextToken()));
        }
        yield members;
      }
      case START_ARRAY -> {
        List<Object> elements = new ArrayList<>();
        for (JsonToken t = parser.nextToken(); t != JsonToken.END_ARRAY; t = parser.nextToken()) {
          elements.add(read(parser, t));
        }
        yield elements;
      }
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> JsonDecimal.of(parser.getText());
      default -> token; // true, false and null are their tokens
    };
  }
}
