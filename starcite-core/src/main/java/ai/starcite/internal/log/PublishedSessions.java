package ai.starcite.internal.log;

import ai.starcite.Session;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.internal.open.OpenSessions;
import ai.starcite.internal.session.SessionLoader;
import ai.starcite.spi.SessionKey;
import java.util.OptionalLong;

/**
 * Reads, seals and deletes sessions in step with what this log has open: what a call returns, no
 * later call contradicts. Thread-safe.
 */
final class PublishedSessions {
  private final SessionRecords records;
  private final OpenSessions sessions;
  private final Appends appends;
  private final boolean shared;

  PublishedSessions(
      SessionRecords records, OpenSessions sessions, Appends appends, boolean shared) {
    this.records = records;
    this.sessions = sessions;
    this.appends = appends;
    this.shared = shared;
  }

  Session get(String sessionId) {
    return published(records.get(sessionId));
  }

  /**
   * Waits until what the store has returned is published here, so that no later call sees less; a
   * shared store is read by every call.
   */
  Session published(Session session) {
    SessionKey key = new SessionKey(session.id(), session.incarnation());
    OptionalLong known = shared ? OptionalLong.empty() : sessions.published(key);
    if (known.isPresent() && known.getAsLong() < session.lastSeq()) {
      appends.barrier(session.id());
    }
    return session;
  }

  /** As {@link #get}, for a change that is stored: no failure may say that it is not. */
  Session changed(Session session) {
    try {
      return published(session);
    } catch (SessionLogException e) {
      if (e.code() == Code.SESSION_NOT_FOUND) {
        return session;
      }
      throw new SessionLogException(
          Code.OUTCOME_UNKNOWN,
          "the change of session %s was stored, but not confirmed in time: %s"
              .formatted(session.id(), e.getMessage()),
          e);
    }
  }

  Session seal(String sessionId) {
    Session before = records.get(sessionId);
    appends.seal(sessionId, before.incarnation());
    // The seal is stored by now, so that no failure to read the session says that nothing was.
    try {
      Session sealed = records.get(sessionId);
      if (sealed.incarnation().equals(before.incarnation())) {
        return changed(sealed);
      }
    } catch (SessionLogException e) {
      if (e.code() != Code.SESSION_NOT_FOUND) {
        throw new SessionLogException(
            Code.OUTCOME_UNKNOWN,
            ("session %s was sealed, but could not be read to be returned; seal it again, which"
                    + " does no harm: %s")
                .formatted(sessionId, e.getMessage()),
            e);
      }
    }
    // Deleted since, by others, who may have found the seal before that: it was sealed all the
    // same.
    return before.sealed() ? before : SessionRecords.sealed(before);
  }

  void delete(String sessionId) {
    SessionKey key = records.key(sessionId);
    sessions.deleting(key);
    try {
      records.delete(key);
    } catch (SessionLogException e) {
      sessions.notDeleted(key, e.isDefinite());
      throw e;
    }
    sessions.deleted(key, SessionLoader.notFound(sessionId));
  }
}
