package ai.starcite.examples.quickstart;

import ai.starcite.Event;
import ai.starcite.SessionLog;
import ai.starcite.Tail;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * A browser tab, so to speak: shows a session as it comes, and remembers nothing but its cursor.
 */
final class Tab {
  private final String name;
  private final SessionLog log;
  private final String sessionId;
  private final PrintStream out;
  private final List<Event> shown = new ArrayList<>();
  private long cursor;

  Tab(String name, SessionLog log, String sessionId, PrintStream out) {
    this.name = name;
    this.log = log;
    this.sessionId = sessionId;
    this.out = out;
  }

  /** Shows what comes after the cursor, until the session is sealed or enough was shown. */
  void show(int maxEvents) {
    int before = shown.size();
    try (Tail tail = log.tail(sessionId, cursor)) {
      while (shown.size() - before < maxEvents && tail.hasNext()) {
        Event event = tail.next();
        shown.add(event);
        print(EventLine.of(event));
        cursor = tail.cursor().seq();
      }
    }
  }

  void print(String line) {
    out.println(name + " │ " + line);
  }

  long cursor() {
    return cursor;
  }

  /** All that it has shown, in the order in which it was shown. */
  List<Event> shown() {
    return shown;
  }
}
