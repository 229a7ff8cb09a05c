package ai.starcite.store.s3;

import ai.starcite.spi.SessionKey;

/** Loses all hints. */
public final class NoHints implements S3Notifier {
  @Override
  public void changed(SessionKey session) {}

  @Override
  public Runnable subscribe(SessionKey session, Runnable hint) {
    return () -> {};
  }
}
