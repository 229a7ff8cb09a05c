package ai.starcite.testkit.model;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.TailEnd;
import ai.starcite.TailOptions;
import ai.starcite.testkit.history.Cursors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A log as the contract tells it: a map of sessions, and the tails that were opened. */
final class LogModel {
  /** So few that scripts reach the limit. */
  static final int MAX_PRODUCERS = 3;

  private final Map<String, SessionModel> sessions = new TreeMap<>();
  private final List<TailModel> tails = new ArrayList<>();
  private int lives;

  /** The sessions there are, by id. */
  Map<String, SessionModel> sessions() {
    return sessions;
  }

  /** The tails in the order in which they were opened; ended ones too. */
  List<TailModel> tails() {
    return tails;
  }

  SessionModel create(String id, ai.starcite.NewSession session) {
    if (sessions.containsKey(id)) {
      throw new SessionLogException(Code.SESSION_EXISTS, "");
    }
    SessionModel created = new SessionModel(id, ++lives, session, MAX_PRODUCERS);
    sessions.put(id, created);
    return created;
  }

  SessionModel get(String id) {
    @Nullable SessionModel session = sessions.get(id);
    if (session == null) {
      throw new SessionLogException(Code.SESSION_NOT_FOUND, "");
    }
    return session;
  }

  void delete(String id) {
    get(id).delete();
    sessions.remove(id);
  }

  TailModel open(String id, TailOptions options, int life) {
    SessionModel session = get(id);
    if (life != 0 && life != session.life()) {
      throw new SessionLogException(Code.SESSION_NOT_FOUND, "");
    }
    long lastSeq = session.events().lastSeq();
    if (Cursors.of(options) > lastSeq) {
      throw new SessionLogException(Code.CURSOR_AHEAD, "").withCurrentSeq(lastSeq);
    }
    TailModel tail = new TailModel(session, options);
    tails.add(tail);
    return tail;
  }

  /** The log is closed, and another one opened. */
  void restart() {
    tails.forEach(tail -> tail.end(TailEnd.LOG_CLOSED));
  }
}
