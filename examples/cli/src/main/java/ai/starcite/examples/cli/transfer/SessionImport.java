package ai.starcite.examples.cli.transfer;

import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.Session;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.TailOptions;
import ai.starcite.examples.cli.append.Pipeline;
import ai.starcite.examples.cli.append.Request;
import ai.starcite.examples.cli.append.RequestSource;
import ai.starcite.examples.cli.backend.Backend;
import ai.starcite.examples.cli.backend.EventStream;
import ai.starcite.examples.cli.console.CommandException;
import ai.starcite.examples.cli.text.EventLines;
import ai.starcite.examples.cli.text.LineReader;
import ai.starcite.examples.cli.text.SessionLines;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

/**
 * Makes sessions from the lines of an export. The event of a line gets the seq of that line or is
 * refused, and what is there already is compared: so an import can be run again, and stores nothing
 * twice, whether its events have producers or not.
 */
public final class SessionImport {
  private final Backend backend;
  private final LineReader lines;
  private final LongConsumer progress;
  private long sessions;
  private long events;
  private long known;

  public SessionImport(Backend backend, LineReader lines, LongConsumer progress) {
    this.backend = backend;
    this.lines = lines;
    this.progress = progress;
  }

  public long sessions() {
    return sessions;
  }

  public long events() {
    return events;
  }

  /** How many of the events were there before. */
  public long known() {
    return known;
  }

  /** Imports the next session. Returns false if there is none. */
  public boolean next() {
    Json line = line();
    if (line == null) {
      return false;
    }
    if (!line.members().containsKey("session")) {
      throw CommandException.usage("a session is expected here: is this what export wrote?");
    }
    SessionLines.Head head = SessionLines.readHead(line);
    Session session = createOrCompare(head.toNewSession());
    try (One one = new One(session)) {
      one.run();
    }
    if (head.sealed() && !session.sealed()) {
      backend.seal(session.id());
    }
    if (head.archived() && !session.archived()) {
      backend.archive(session.id());
    }
    sessions++;
    return true;
  }

  private Json line() {
    byte[] line = lines.next();
    return line == null ? null : Json.parse(line);
  }

  private Session createOrCompare(NewSession wanted) {
    try {
      return backend.create(wanted);
    } catch (SessionLogException e) {
      if (e.code() != Code.SESSION_EXISTS) {
        throw e;
      }
    }
    Session found = backend.get(wanted.id().orElseThrow());
    if (!found.title().equals(wanted.title()) || !found.metadata().equals(wanted.metadata())) {
      throw new SessionLogException(
          Code.SESSION_EXISTS,
          "session " + found.id() + " is there already, with another title or other metadata");
    }
    return found;
  }

  /** The events of one session. */
  private final class One implements AutoCloseable {
    private final String id;
    private final long last;
    private final EventStream there;
    private long read;

    One(Session session) {
      id = session.id();
      last = session.lastSeq();
      there = last == 0 ? null : backend.tail(id, TailOptions.from(0).withoutFollowing());
    }

    void run() {
      Pipeline pipeline = new Pipeline(backend, id);
      RequestSource source = new RequestSource(this::nextMissing, () -> true);
      while (true) {
        List<Request> chunk = source.take(backend.maxInFlight(), request -> true);
        if (chunk.isEmpty()) {
          break;
        }
        Pipeline.Outcome outcome = pipeline.send(chunk);
        events += outcome.results().size();
        progress.accept(events);
        if (outcome.failure() != null) {
          throw outcome.failure();
        }
      }
      if (read < last) {
        throw new SessionLogException(
            Code.SESSION_EXISTS,
            "session %s is there already and has %d events, more than the %d here"
                .formatted(id, last, read));
      }
    }

    /** The next event that is not there yet, or null after the last one. */
    private Request nextMissing() {
      while (true) {
        NewEvent event = nextEvent();
        if (event == null) {
          return null;
        }
        if (read > last) {
          return new Request(event, OptionalLong.of(read - 1));
        }
        if (!there.hasNext() || !there.next().toNewEvent().equals(event)) {
          throw new SessionLogException(
              Code.SESSION_EXISTS,
              "session %s is there already, with another event at seq %d".formatted(id, read));
        }
        events++;
        known++;
        progress.accept(events);
      }
    }

    private NewEvent nextEvent() {
      Json line = line();
      if (line == null) {
        throw CommandException.usage("the export was cut off within session " + id);
      }
      Map<String, Json> members = line.members();
      if (members.containsKey("end")) {
        SessionLines.End end = line.as(SessionLines.End.class);
        if (!id.equals(end.end()) || end.lastSeq() != read) {
          throw CommandException.usage(
              "session %s ends at seq %d here, not as it should: the export is not whole"
                  .formatted(id, read));
        }
        return null;
      }
      Json seq = members.get("seq");
      if (seq == null || seq.as(Long.class) != read + 1) {
        throw CommandException.usage(
            "seq %d of session %s is expected here: the export is not whole"
                .formatted(read + 1, id));
      }
      read++;
      return checked(EventLines.read(line));
    }

    private NewEvent checked(NewEvent event) {
      boolean bare = event.producerId().isEmpty() || event.actor().isEmpty();
      if (bare && !backend.takesBareEvents()) {
        throw CommandException.usage(
            "event %d of session %s has no %s, and a gateway takes no such event as it is: import"
                    .formatted(read, id, event.actor().isEmpty() ? "actor" : "producer")
                + " into a directory with --data, and run a gateway on it");
      }
      return event;
    }

    @Override
    public void close() {
      if (there != null) {
        there.close();
      }
    }
  }
}
