package ai.starcite.examples.cli.text;

import ai.starcite.Json;
import ai.starcite.NewSession;
import ai.starcite.Session;
import ai.starcite.SessionLogException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Sessions in an export: a line before their events, and one after them. */
public final class SessionLines {

  /** What precedes the events. */
  public record Head(
      String session,
      String title,
      Json metadata,
      String metadataText,
      boolean archived,
      boolean sealed) {

    public NewSession toNewSession() {
      NewSession created = NewSession.ofId(session);
      created = title == null ? created : created.withTitle(title);
      created = metadata == null ? created : created.withMetadata(metadata);
      return metadataText == null ? created : created.withMetadata(Json.parse(metadataText));
    }
  }

  /** What follows the events: it tells a whole session from one that was cut off. */
  public record End(String end, long lastSeq) {}

  private SessionLines() {}

  public static Json head(Session session) {
    Map<String, Object> head = new LinkedHashMap<>();
    head.put("session", session.id());
    session.title().ifPresent(title -> head.put("title", title));
    if (EventLines.hasLineBreak(session.metadata())) {
      head.put("metadata_text", session.metadata().toString());
    }
    head.put("archived", session.archived());
    head.put("sealed", session.sealed());
    Json line = Json.encode(head);
    return EventLines.hasLineBreak(session.metadata())
        ? line
        : Splice.add(line, "metadata", session.metadata());
  }

  public static Json end(String id, long lastSeq) {
    Map<String, Object> end = new LinkedHashMap<>();
    end.put("end", id);
    end.put("last_seq", lastSeq);
    return Json.encode(end);
  }

  public static Head readHead(Json line) {
    Head head = line.as(Head.class);
    if (head.session() == null) {
      throw new SessionLogException(SessionLogException.Code.INVALID, "session must be an id");
    }
    return head;
  }
}
