package ai.starcite.examples.gateway;

import ai.starcite.Json;
import ai.starcite.Session;
import ai.starcite.SessionPage;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The wire form of sessions. */
final class SessionJson {
  private static final DateTimeFormatter MICROS =
      new DateTimeFormatterBuilder().appendInstant(6).toFormatter(Locale.ROOT);

  private SessionJson() {}

  static Json of(Session session, Caller caller) {
    return Json.encode(map(session, caller));
  }

  static Json of(SessionPage page, Caller caller) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put(
        "sessions",
        page.sessions().stream()
            .filter(session -> caller.sees(caller.outer(session.id())))
            .map(session -> map(session, caller))
            .toList());
    json.put(
        "next_cursor",
        caller.lock().isPresent() ? null : page.next().map(caller::outer).orElse(null));
    return Json.encode(json);
  }

  private static Map<String, Object> map(Session session, Caller caller) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", caller.outer(session.id()));
    session.title().ifPresent(title -> json.put("title", title));
    json.put("metadata", session.metadata());
    json.put("created_at", time(session.createdAt()));
    json.put("updated_at", time(session.updatedAt()));
    json.put("version", session.version());
    json.put("archived", session.archived());
    json.put("sealed", session.sealed());
    json.put("incarnation", session.incarnation());
    session.lastSeq().ifPresent(seq -> json.put("last_seq", seq));
    return json;
  }

  private static String time(Instant time) {
    return MICROS.format(time);
  }
}
