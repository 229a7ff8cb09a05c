package ai.starcite.internal.commit;

import ai.starcite.SessionLogException;

/** Whether a session that was opened takes appends in this process. */
sealed interface Life {
  /** It does. */
  record Live() implements Life {}

  /** It can be read up to the damage, but nothing is known of who has appended. */
  record Damaged(SessionLogException damage) implements Life {}

  /**
   * It takes no more.
   *
   * @param failure what is told to calls that were never sent
   * @param movesOn whether those belong to the id's next incarnation, since this one was deleted
   */
  record Retired(SessionLogException failure, boolean movesOn) implements Life {}
}
