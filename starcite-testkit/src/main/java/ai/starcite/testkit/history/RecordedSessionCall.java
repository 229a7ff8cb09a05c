package ai.starcite.testkit.history;

import ai.starcite.Session;
import ai.starcite.SessionUpdate;
import java.util.Locale;

/** A call that makes, reads, changes, seals or deletes a session. */
final class RecordedSessionCall extends RecordedCall {
  /** What is done with the session. */
  enum Kind {
    CREATE,
    GET,
    UPDATE,
    SEAL,
    DELETE
  }

  final Kind kind;

  /** What an update changes; nothing for the other kinds. */
  final SessionUpdate update;

  RecordedSessionCall(Kind kind, Caller caller, String sessionId, long invoked) {
    this(kind, caller, sessionId, invoked, SessionUpdate.defaults());
  }

  RecordedSessionCall(
      Kind kind, Caller caller, String sessionId, long invoked, SessionUpdate update) {
    super(caller, sessionId, invoked);
    this.kind = kind;
    this.update = update;
  }

  /** The session that was answered; a deletion answers none. */
  Session session() {
    return result(Session.class);
  }

  @Override
  String request() {
    StringBuilder text = new StringBuilder(kind.name().toLowerCase(Locale.ROOT));
    text.append(' ').append(sessionId);
    update.title().ifPresent(title -> text.append(", title ").append(title));
    update.metadata().ifPresent(changes -> text.append(", metadata ").append(changes));
    update
        .expectedVersion()
        .ifPresent(version -> text.append(", expected version ").append(version));
    return text.toString();
  }

  @Override
  String response() {
    return kind == Kind.DELETE
        ? "done"
        : "version %d, last_seq %d%s, incarnation %s"
            .formatted(
                session().version(),
                session().lastSeq(),
                session().sealed() ? ", sealed" : "",
                session().incarnation());
  }
}
