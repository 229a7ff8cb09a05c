package ai.starcite.examples.cli;

import ai.starcite.Cursor;
import ai.starcite.Event;
import ai.starcite.Session;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.SessionPage;
import ai.starcite.SessionQuery;
import ai.starcite.TailOptions;
import ai.starcite.examples.cli.backend.Backend;
import ai.starcite.examples.cli.backend.EventStream;
import ai.starcite.examples.cli.console.Progress;
import ai.starcite.examples.cli.text.EventLines;
import ai.starcite.examples.cli.text.SessionLines;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "export",
    description = {
      "Writes sessions with their events as JSON lines.",
      "All sessions, archived ones too, unless some are named.%n"
    },
    footerHeading = "%nExample:%n",
    footer = "  starcite --data old export | starcite --data new import")
final class ExportCommand extends BackendCommand {
  @Parameters(paramLabel = "ID", arity = "0..*", description = "Only these sessions.")
  private List<String> ids = new ArrayList<>();

  private long events;

  @Override
  void run(Backend backend) {
    Progress progress = new Progress(shell(), "events");
    try {
      if (ids.isEmpty()) {
        exportAll(backend, progress);
      }
      for (String id : ids) {
        export(backend, backend.get(id), progress);
      }
    } finally {
      progress.clear();
    }
  }

  private void exportAll(Backend backend, Progress progress) {
    SessionQuery query = SessionQuery.everything().withLimit(1_000);
    Optional<String> next;
    do {
      SessionPage page = backend.list(query);
      for (SessionPage.Row listed : page.sessions()) {
        Optional<Session> session = find(backend, listed.id());
        session.ifPresent(found -> export(backend, found, progress));
      }
      next = page.next();
      query = next.isPresent() ? query.withAfter(next.get()) : query;
    } while (next.isPresent());
  }

  private Optional<Session> find(Backend backend, String id) {
    try {
      return Optional.of(backend.get(id));
    } catch (SessionLogException e) {
      if (e.code() != Code.SESSION_NOT_FOUND) {
        throw e;
      }
      shell().note("session " + id + " was deleted meanwhile");
      return Optional.empty();
    }
  }

  /** The record was read before the events: if it says sealed, there are no more than are read. */
  private void export(Backend backend, Session session, Progress progress) {
    shell().out().line(SessionLines.head(session).bytes());
    long last = 0;
    try (EventStream stream =
        backend.tail(
            session.id(),
            TailOptions.from(Cursor.of(0, session.incarnation())).withoutFollowing())) {
      while (stream.hasNext()) {
        Event event = stream.next();
        shell().out().line(EventLines.write(event).bytes());
        last = event.seq();
        progress.at(++events);
      }
    }
    shell().out().line(SessionLines.end(session.id(), last).bytes());
  }
}
