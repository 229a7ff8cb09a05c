package ai.starcite.testkit.history;

import ai.starcite.Event;
import ai.starcite.TailEnd;
import ai.starcite.TailOptions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The opening of a tail, what the tail delivered and when, and how it ended. */
final class RecordedTail extends RecordedCall {
  /** An event that was delivered. */
  record Seen(long moment, Event event) {}

  final TailOptions options;
  private final List<Seen> seen = new ArrayList<>();
  private @Nullable TailEnd end;
  private long ended = NEVER;

  RecordedTail(Caller caller, String sessionId, long invoked, TailOptions options) {
    super(caller, sessionId, invoked);
    this.options = options;
  }

  /** The life of the session that an open tail reads. */
  String incarnation() {
    return result(String.class);
  }

  synchronized void see(long moment, Event event) {
    seen.add(new Seen(moment, event));
  }

  synchronized void end(long moment, TailEnd how) {
    if (end == null) {
      end = how;
      ended = moment;
    }
  }

  /** What was delivered so far. */
  synchronized List<Seen> seen() {
    return List.copyOf(seen);
  }

  /** How it ended, or null while nobody knows. */
  synchronized @Nullable TailEnd end() {
    return end;
  }

  /** When it was known to have ended, or {@link #NEVER}. */
  synchronized long ended() {
    return ended;
  }

  /** The cursor that it came to. */
  synchronized long reached() {
    return seen.isEmpty() ? Cursors.of(options) : seen.get(seen.size() - 1).event().seq();
  }

  @Override
  String request() {
    return "tail %s from cursor %d%s%s"
        .formatted(
            sessionId,
            Cursors.of(options),
            options.follow() ? ", following" : ", not following",
            options.limit().isPresent() ? ", limit " + options.limit().getAsLong() : "");
  }

  @Override
  synchronized String response() {
    return "delivered "
        + (seen.isEmpty()
            ? "nothing"
            : "seq %d (at %d) to %d (at %d)"
                .formatted(
                    seen.get(0).event().seq(),
                    seen.get(0).moment(),
                    reached(),
                    seen.get(seen.size() - 1).moment()))
        + (end == null ? "" : ", ended %s at %d".formatted(end, ended));
  }
}
