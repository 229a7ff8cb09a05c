package ai.starcite.internal.open;

import ai.starcite.internal.commit.QueuedAppend;
import ai.starcite.spi.SessionKey;
import java.util.List;

/** What an open session needs of the open sessions of its log. */
interface SessionRegistry {
  /** Forgets a session that has ended. */
  void forget(OpenSession session);

  /** Hands calls of a session that has ended to the next one, before all that come later. */
  void moveOn(OpenSession from, List<QueuedAppend> calls);

  /** Keeps a session that has ended, and has a write in flight, in sight for a close. */
  void outlive(OpenSession session);

  /** Lets go of an ended session whose last write is resolved. */
  void resolved(OpenSession session);

  /** Whether an incarnation may have been deleted, though this process has not heard of it. */
  boolean mayBeOver(SessionKey key);

  /** Notes by how many bytes the memory of the open sessions changes. */
  void addWeight(long change);

  /** Closes idle sessions if the open ones take too much memory. Not under a session's lock. */
  void evictIfHeavy();
}
