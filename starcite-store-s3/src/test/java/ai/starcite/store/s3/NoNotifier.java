package ai.starcite.store.s3;

import ai.starcite.spi.SessionKey;

/** Tells nobody anything. */
final class NoNotifier implements S3Notifier {
  @Override
  public void changed(SessionKey session) {}

  @Override
  public Runnable subscribe(SessionKey session, Runnable hint) {
    return () -> {};
  }
}
