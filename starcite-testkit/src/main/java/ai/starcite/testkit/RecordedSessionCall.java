package ai.starcite.testkit;

import ai.starcite.Session;
import java.util.Locale;

/** A call that makes, reads, seals or deletes a session. */
final class RecordedSessionCall extends RecordedCall {
  /** What is done with the session. */
  enum Kind {
    CREATE,
    GET,
    SEAL,
    DELETE
  }

  final Kind kind;

  RecordedSessionCall(Kind kind, Caller caller, String sessionId, long invoked) {
    super(caller, sessionId, invoked);
    this.kind = kind;
  }

  /** The session that was answered; a deletion answers none. */
  Session session() {
    return result(Session.class);
  }

  @Override
  String request() {
    return kind.name().toLowerCase(Locale.ROOT) + " " + sessionId;
  }

  @Override
  String response() {
    return kind == Kind.DELETE
        ? "done"
        : "last_seq %d%s, incarnation %s"
            .formatted(
                session().lastSeq().orElse(0),
                session().sealed() ? ", sealed" : "",
                session().incarnation());
  }
}
