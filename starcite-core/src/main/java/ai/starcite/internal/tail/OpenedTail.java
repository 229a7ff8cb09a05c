package ai.starcite.internal.tail;

import ai.starcite.internal.session.Head;

/**
 * A session that stays open for a tail, and where the tail is to start in it.
 *
 * @param head the session's head, which knows of the tail
 * @param cursor the last seq that is not wanted
 */
public record OpenedTail(Head head, long cursor) {
  /** Lets go of the session, if there will be no tail after all. */
  public void release() {
    head.removeTail();
  }
}
