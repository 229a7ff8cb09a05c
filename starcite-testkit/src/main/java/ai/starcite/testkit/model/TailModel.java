package ai.starcite.testkit.model;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.TailEnd;
import ai.starcite.TailOptions;
import ai.starcite.testkit.history.Cursors;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A tail as the contract tells it: a place in the list of events. */
final class TailModel {
  private final SessionModel session;
  private final TailOptions options;
  private final long bound;
  private long cursor;
  private long left;
  private Optional<TailEnd> end = Optional.empty();

  /** What came of a poll. */
  record Polled(Optional<EventView> event, long cursor, Optional<TailEnd> end) {
    @Override
    public String toString() {
      return "%s, cursor=%d%s"
          .formatted(
              event.map(each -> "event " + each).orElse("no event"),
              cursor,
              end.map(each -> ", end=" + each).orElse(""));
    }
  }

  TailModel(SessionModel session, TailOptions options) {
    this.session = session;
    this.options = options;
    this.bound = options.follow() ? Long.MAX_VALUE : session.events().lastSeq();
    this.cursor = Cursors.of(options);
    this.left = options.limit().orElse(Long.MAX_VALUE);
  }

  SessionModel session() {
    return session;
  }

  boolean isFiltered() {
    return !(options.types().isEmpty()
        && options.actors().isEmpty()
        && options.producers().isEmpty());
  }

  long cursor() {
    return cursor;
  }

  Polled poll() {
    Optional<EventView> event = end.isEmpty() ? next() : Optional.empty();
    if (end.equals(Optional.of(TailEnd.DELETED))) {
      throw new SessionLogException(Code.SESSION_NOT_FOUND, "");
    }
    if (end.equals(Optional.of(TailEnd.LOG_CLOSED))) {
      throw new SessionLogException(Code.CLOSED, "");
    }
    return new Polled(event, cursor, end);
  }

  private Optional<EventView> next() {
    if (session.isDeleted()) {
      end(TailEnd.DELETED);
      return Optional.empty();
    }
    List<EventView> rest = session.after(cursor);
    for (EventView each : rest) {
      if (left == 0 || each.seq() > bound) {
        break;
      }
      cursor = each.seq();
      if (letsThrough(each)) {
        left--;
        return Optional.of(each);
      }
    }
    boolean atHead = cursor == session.events().lastSeq();
    if (atHead && session.events().isSealed()) {
      end(TailEnd.SEALED);
    } else if (left == 0 || cursor >= bound) {
      end(TailEnd.BOUND);
    }
    return Optional.empty();
  }

  private boolean letsThrough(EventView each) {
    return allows(options.types(), Optional.of(each.event().type()))
        && allows(options.actors(), each.event().actor())
        && allows(options.producers(), each.event().producerId());
  }

  private static boolean allows(Set<String> wanted, Optional<String> value) {
    return wanted.isEmpty() || value.filter(wanted::contains).isPresent();
  }

  /** Ends it, unless it has ended. */
  void end(TailEnd reason) {
    if (end.isEmpty()) {
      end = Optional.of(session.isDeleted() ? TailEnd.DELETED : reason);
    }
  }

  Optional<TailEnd> end() {
    return end;
  }
}
