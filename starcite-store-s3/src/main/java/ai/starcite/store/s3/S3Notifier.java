package ai.starcite.store.s3;

import ai.starcite.spi.SessionKey;

/**
 * Carries hints between the processes that share a bucket, so that a tail sees an event of another
 * process sooner than its next poll. A hint may be late, lost, or sent twice: nothing depends on
 * it. Implementations are thread-safe, and neither method blocks or throws.
 */
public interface S3Notifier {

  /**
   * Says that something was written to a session.
   *
   * @param session id and incarnation
   */
  void changed(SessionKey session);

  /**
   * Asks to be told what {@link #changed} says, here or in another process.
   *
   * @param session id and incarnation
   * @param hint runs on any thread, is short and never blocks
   * @return ends the subscription when run; can be run twice
   */
  Runnable subscribe(SessionKey session, Runnable hint);
}
