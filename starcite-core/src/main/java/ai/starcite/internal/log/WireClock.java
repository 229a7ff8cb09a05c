package ai.starcite.internal.log;

import java.time.Instant;
import java.time.InstantSource;

/**
 * A clock whose times all have a wire form and fit the stored ones: within the years 0 to 9999,
 * whatever the clock below says.
 */
record WireClock(InstantSource clock) implements InstantSource {
  private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999Z");

  @Override
  public Instant instant() {
    Instant now = clock.instant();
    if (now.isBefore(FIRST)) {
      return FIRST;
    }
    return now.isAfter(LAST) ? LAST : now;
  }
}
