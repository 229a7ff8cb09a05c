package ai.starcite.testkit.contract;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that goes where the test wants it, backwards too. */
final class DrivenClock implements InstantSource {
  private volatile Instant now;

  DrivenClock(String start) {
    now = Instant.parse(start);
  }

  void move(Duration by) {
    now = now.plus(by);
  }

  @Override
  public Instant instant() {
    return now;
  }
}
