package ai.starcite.examples.quickstart;

import ai.starcite.Cursor;
import ai.starcite.Event;
import ai.starcite.SessionLog;
import ai.starcite.Tail;
import ai.starcite.examples.support.EventLine;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** A browser tab, so to speak: shows a session, and remembers nothing but its cursor. */
final class Tab {
  private final String name;
  private final SessionLog log;
  private final String sessionId;
  private final PrintStream out;

  /** All that it has shown, in the order in which it was shown. */
  final List<Event> shown = new ArrayList<>();

  private Cursor cursor = Cursor.start();

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
        out.println(name + " │ " + EventLine.of(event));
        cursor = tail.cursor();
      }
    }
  }

  /** Says something about the tab itself, which depends on how far it has come. */
  void remark(String text) {
    out.println(name + " │ … " + text + " cursor=" + cursor.seq());
  }
}
