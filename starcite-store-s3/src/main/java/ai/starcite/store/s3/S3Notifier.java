package ai.starcite.store.s3;

import ai.starcite.spi.SessionKey;

/**
 * Carries hints between the processes that share a bucket, so that a tail sees an event of another
 * process before its next poll. A hint may be late, lost or repeated: nothing depends on it.
 * Implementations must be thread-safe, and neither method may block or throw.
 */
public interface S3Notifier {

  /**
   * Announces that something was written to a session.
   *
   * @param session the session's id and incarnation
   */
  void changed(SessionKey session);

  /**
   * Subscribes to the changes of a session, in this process or another.
   *
   * @param session the session's id and incarnation
   * @param hint runs on any thread after {@link #changed}; it must be short and must not block
   * @return ends the subscription when run; running it twice is harmless
   */
  Runnable subscribe(SessionKey session, Runnable hint);
}
