package ai.starcite;

import ai.starcite.internal.Limits;
import java.time.Instant;
import java.util.Objects;

/** Where a tail starts (clause TAIL-6). */
public sealed interface TailStart {

  /**
   * Behind an event.
   *
   * @param seq the last seq that is not wanted; 0 to start at the first event
   */
  record AfterCursor(long seq) implements TailStart {
    /** Checks the range. */
    public AfterCursor {
      Limits.requireNotNegative("cursor", seq);
    }
  }

  /**
   * At one of the last events that there are when the tail is opened.
   *
   * @param events so many from the end, whatever a filter lets through of them; 0 for none but
   *     those to come
   */
  record Latest(long events) implements TailStart {
    /** Checks the range. */
    public Latest {
      Limits.requireNotNegative("events", events);
    }
  }

  /**
   * At the first event that was stored at a time or later. It is looked for in a few reads, however
   * long the session is.
   *
   * @param time compared with {@link Event#insertedAt()}
   */
  record AtTime(Instant time) implements TailStart {
    /** Checks that there is a time. */
    public AtTime {
      Objects.requireNonNull(time, "time");
    }
  }
}
