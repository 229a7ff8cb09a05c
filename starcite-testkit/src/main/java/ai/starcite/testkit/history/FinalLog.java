package ai.starcite.testkit.history;

import ai.starcite.Event;
import ai.starcite.Session;
import ai.starcite.SessionLog;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.Tail;
import ai.starcite.TailOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Holds what a session contains when a {@link History} is over, with which its recorded calls must
 * agree.
 *
 * @param sessionId which session
 * @param incarnation which life of it
 * @param sealed whether it was sealed in the end
 * @param events all its events, in order
 */
public record FinalLog(String sessionId, String incarnation, boolean sealed, List<Event> events) {

  /** Copies the events. */
  public FinalLog {
    events = List.copyOf(events);
  }

  /**
   * Reads a session. Nothing may write to it meanwhile.
   *
   * @param log through which log
   * @param sessionId which session
   * @return what it holds, or empty if there is no such session
   */
  public static Optional<FinalLog> read(SessionLog log, String sessionId) {
    try (Tail tail = log.tail(sessionId, TailOptions.from(0).withoutFollowing())) {
      List<Event> events = new ArrayList<>();
      tail.forEachRemaining(events::add);
      Session session = log.get(sessionId);
      return Optional.of(new FinalLog(sessionId, session.incarnation(), session.sealed(), events));
    } catch (SessionLogException e) {
      if (e.code() == Code.SESSION_NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
