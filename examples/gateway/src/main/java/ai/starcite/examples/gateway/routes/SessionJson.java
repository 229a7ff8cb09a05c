package ai.starcite.examples.gateway.routes;

import ai.starcite.Json;
import ai.starcite.Session;
import ai.starcite.SessionPage;
import ai.starcite.examples.gateway.access.Caller;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Sessions as a caller sees them: their wire form, with the id that the caller knows. */
final class SessionJson {
  private SessionJson() {}

  static Json of(Session session, Caller caller) {
    return outer(session.id(), session.toJson(), caller);
  }

  /** A page as text, since it may be nested deeper than what a {@code Json} may be. */
  static byte[] of(SessionPage page, Caller caller) {
    String sessions =
        page.sessions().stream()
            .filter(row -> caller.sees(caller.outer(row.id())))
            .map(row -> outer(row.id(), row.toJson(), caller).toString())
            .collect(Collectors.joining(","));
    Json next =
        Json.encode(caller.lock().isPresent() ? null : page.next().map(caller::outer).orElse(null));
    return "{\"sessions\":[%s],\"next_cursor\":%s}"
        .formatted(sessions, next)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static Json outer(String innerId, Json session, Caller caller) {
    Map<String, Json> members = new LinkedHashMap<>(session.members());
    members.put("id", Json.encode(caller.outer(innerId)));
    return Json.parse(
        members.entrySet().stream()
            .map(member -> "\"" + member.getKey() + "\":" + member.getValue())
            .collect(Collectors.joining(",", "{", "}")));
  }
}
