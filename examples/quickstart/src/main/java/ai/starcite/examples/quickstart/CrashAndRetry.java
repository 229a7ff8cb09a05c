package ai.starcite.examples.quickstart;

import ai.starcite.AppendResult;
import ai.starcite.Event;
import ai.starcite.NewEvent;
import ai.starcite.SessionLog;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** After a writer was killed: is everything there, and is a retry told from a new event? */
final class CrashAndRetry {
  static final String ID = "migrate-v2.4";

  private final SessionLog log;
  private final PrintStream out;
  private final Map<Long, NewEvent> acknowledged = new TreeMap<>();
  private long lost;
  private long deduplicated;

  CrashAndRetry(SessionLog log, PrintStream out) {
    this.log = log;
    this.out = out;
  }

  /** Takes how many events the writer had acknowledged; the one after that is in doubt. */
  void run(long last) {
    out.printf(
        "A writer was killed: %d events acknowledged, number %d in doubt.%n", last, last + 1);
    List<Event> found = Audit.replay(log, ID);
    out.printf("After the restart, the log has %d events of it.%n", found.size());
    for (long n = 1; n <= last; n++) {
      acknowledged.put(n, CrashingWriter.event(n)); // nobody else writes here, so n is the seq
    }
    lost = Audit.lost(acknowledged, found);

    AppendResult known = log.append(ID, CrashingWriter.event(last));
    print(last, known, "it was acknowledged, and is not written twice");
    deduplicated = known.deduped() && known.seq() == last ? 1 : 0;

    AppendResult inDoubt = log.append(ID, CrashingWriter.event(last + 1));
    acknowledged.put(inDoubt.seq(), CrashingWriter.event(last + 1));
    print(
        last + 1,
        inDoubt,
        inDoubt.deduped() ? "it was stored before the kill" : "it was not stored, and is now");
  }

  private void print(long n, AppendResult result, String remark) {
    out.printf(
        "Retry of number %d: seq=%d deduped=%b, %s.%n", n, result.seq(), result.deduped(), remark);
  }

  Map<Long, NewEvent> acknowledged() {
    return acknowledged;
  }

  /** How many acknowledged events were gone after the restart, before anything was retried. */
  long lost() {
    return lost;
  }

  /** How many retries of acknowledged events were recognised: of one, one. */
  long deduplicated() {
    return deduplicated;
  }
}
