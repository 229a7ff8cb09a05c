package ai.starcite.testkit.model;

import ai.starcite.AppendOptions;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.SessionQuery;
import ai.starcite.SessionQuery.Visibility;
import ai.starcite.SessionUpdate;
import ai.starcite.TailOptions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Arguments of calls as Java source that compiles whatever they are, in plain ASCII. */
final class JavaCode {
  /** From here on a repeated character is written as a call to {@code repeat}. */
  private static final int LONG_RUN = 64;

  private JavaCode() {}

  /** A string, its long runs of one character told by their length. */
  static String string(String text) {
    int[] characters = text.codePoints().toArray();
    List<String> parts = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    for (int start = 0, end; start < characters.length; start = end) {
      end = start + 1;
      while (end < characters.length && characters[end] == characters[start]) {
        end++;
      }
      String character = escaped(Character.toString(characters[start]));
      if (end - start < LONG_RUN) {
        literal.append(character.repeat(end - start));
      } else {
        quote(literal, parts);
        parts.add("\"%s\".repeat(%d)".formatted(character, end - start));
      }
    }
    quote(literal, parts);
    return parts.isEmpty() ? "\"\"" : String.join(" + ", parts);
  }

  private static void quote(StringBuilder literal, List<String> parts) {
    if (!literal.isEmpty()) {
      parts.add('"' + literal.toString() + '"');
      literal.setLength(0);
    }
  }

  /** What stands between quotes, or after two slashes. */
  static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    for (char c : text.toCharArray()) {
      switch (c) {
        case '"', '\\' -> escaped.append('\\').append(c);
        case '\n' -> escaped.append("\\n");
        case '\r' -> escaped.append("\\r");
        case '\t' -> escaped.append("\\t");
        default -> {
          if (c < ' ') {
            // An escaped code would be read as the character itself before the string is.
            escaped.append("\\%03o".formatted((int) c));
          } else if (c > '~') {
            escaped.append("\\u%04x".formatted((int) c));
          } else {
            escaped.append(c);
          }
        }
      }
    }
    return escaped.toString();
  }

  static String json(Json json) {
    return "Json.parse(" + string(json.toString()) + ")";
  }

  static String event(NewEvent event) {
    StringBuilder code = new StringBuilder();
    code.append("NewEvent.of(%s, %s)".formatted(string(event.type()), json(event.payload())));
    event.actor().ifPresent(actor -> with(code, "Actor", string(actor)));
    event.source().ifPresent(source -> with(code, "Source", string(source)));
    event.metadata().ifPresent(metadata -> with(code, "Metadata", json(metadata)));
    event.refs().ifPresent(refs -> with(code, "Refs", json(refs)));
    event.idempotencyKey().ifPresent(key -> with(code, "IdempotencyKey", string(key)));
    event
        .producerId()
        .ifPresent(
            id ->
                with(
                    code, "Producer", string(id) + ", " + number(event.producerSeq().getAsLong())));
    return code.toString();
  }

  static String options(AppendOptions options) {
    StringBuilder code = new StringBuilder("AppendOptions.defaults()");
    options.expectedSeq().ifPresent(seq -> with(code, "ExpectedSeq", number(seq)));
    if (options.seal()) {
      with(code, "Seal", "");
    }
    return code.toString();
  }

  static String session(NewSession session) {
    StringBuilder code = new StringBuilder();
    code.append(
        session
            .id()
            .map(id -> "NewSession.ofId(" + string(id) + ")")
            .orElse("NewSession.defaults()"));
    session.title().ifPresent(title -> with(code, "Title", string(title)));
    if (session.metadata().size() > 2) {
      with(code, "Metadata", json(session.metadata()));
    }
    return code.toString();
  }

  static String update(SessionUpdate update) {
    StringBuilder code = new StringBuilder("SessionUpdate.defaults()");
    update.title().ifPresent(title -> with(code, "Title", string(title)));
    update.metadata().ifPresent(metadata -> with(code, "Metadata", json(metadata)));
    update.expectedVersion().ifPresent(version -> with(code, "ExpectedVersion", number(version)));
    return code.toString();
  }

  /** A query but for where it goes on, which may be an id that has a name. */
  static String query(SessionQuery query) {
    StringBuilder code = new StringBuilder("SessionQuery.active()");
    if (!query.prefix().isEmpty()) {
      with(code, "Prefix", string(query.prefix()));
    }
    with(code, "Limit", String.valueOf(query.limit()));
    if (query.visibility() != Visibility.ACTIVE) {
      with(code, "Visibility", "SessionQuery.Visibility." + query.visibility());
    }
    query
        .metadata()
        .forEach((key, value) -> with(code, "Metadata", string(key) + ", " + json(value)));
    return code.toString();
  }

  /** The options of a tail, whose cursor is given as code. */
  static String tail(String cursor, TailOptions options) {
    StringBuilder code = new StringBuilder("TailOptions.from(" + cursor + ")");
    with(code, "Actors", options.actors());
    with(code, "Types", options.types());
    with(code, "Producers", options.producers());
    options.limit().ifPresent(limit -> with(code, "Limit", number(limit)));
    if (!options.follow()) {
      code.append(".withoutFollowing()");
    }
    return code.toString();
  }

  private static void with(StringBuilder code, String name, Collection<String> values) {
    if (!values.isEmpty()) {
      with(code, name, String.join(", ", values.stream().sorted().map(JavaCode::string).toList()));
    }
  }

  private static void with(StringBuilder code, String name, String arguments) {
    code.append(".with%s(%s)".formatted(name, arguments));
  }

  static String number(long value) {
    return value == (int) value ? String.valueOf(value) : value + "L";
  }
}
