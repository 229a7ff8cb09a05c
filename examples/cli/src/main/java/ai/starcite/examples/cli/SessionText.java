package ai.starcite.examples.cli;

import ai.starcite.Json;
import ai.starcite.Session;
import java.util.LinkedHashMap;
import java.util.Map;

/** Sessions as they are printed. */
final class SessionText {
  private SessionText() {}

  /** The wire form, on one line. */
  static byte[] json(Session session) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", session.id());
    session.title().ifPresent(title -> json.put("title", title));
    json.put("metadata", session.metadata());
    json.put("created_at", session.createdAt().toString());
    json.put("updated_at", session.updatedAt().toString());
    json.put("version", session.version());
    json.put("archived", session.archived());
    json.put("sealed", session.sealed());
    json.put("incarnation", session.incarnation());
    session.lastSeq().ifPresent(seq -> json.put("last_seq", seq));
    return EventLines.onOneLine(Json.encode(json));
  }

  static String line(Session session) {
    String flags = (session.archived() ? " archived" : "") + (session.sealed() ? " sealed" : "");
    return Printable.line(
        "%s  %s%s%s"
            .formatted(
                session.id(),
                session.createdAt(),
                flags,
                session.title().map(title -> "  " + title).orElse("")));
  }

  static String block(Session session) {
    StringBuilder text = new StringBuilder();
    field(text, "id", session.id());
    session.title().ifPresent(title -> field(text, "title", title));
    field(text, "metadata", session.metadata());
    field(text, "created_at", session.createdAt());
    field(text, "updated_at", session.updatedAt());
    field(text, "version", session.version());
    field(text, "archived", session.archived());
    field(text, "sealed", session.sealed());
    session.lastSeq().ifPresent(seq -> field(text, "last_seq", seq));
    return text.toString().stripTrailing();
  }

  private static void field(StringBuilder text, String name, Object value) {
    text.append("%-11s ".formatted(name + ":"))
        .append(Printable.block(value.toString()))
        .append('\n');
  }
}
