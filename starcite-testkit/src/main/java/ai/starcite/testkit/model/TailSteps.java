package ai.starcite.testkit.model;

import ai.starcite.Cursor;
import ai.starcite.Event;
import ai.starcite.SessionLogException;
import ai.starcite.Tail;
import ai.starcite.TailEnd;
import ai.starcite.TailOptions;
import ai.starcite.testkit.history.Cursors;
import ai.starcite.testkit.model.TailModel.Polled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Calls that open, read and close tails. */
final class TailSteps {
  private TailSteps() {}

  private static String name(int tail) {
    return "tail" + (tail + 1);
  }

  /** The variable of the tail that was opened last. */
  private static String variable(LiveLog live, boolean opened) {
    return opened ? "Tail %s = ".formatted(name(live.tails().size() - 1)) : "";
  }

  /** What an open tail is known by. */
  private record Opened(int life, long cursor) {
    @Override
    public String toString() {
      return "a tail of life %d from cursor %d".formatted(life, cursor);
    }
  }

  /** Opens a tail. */
  record Open(String id, TailOptions options) implements Step {
    @Override
    public String clause(Outcome expected) {
      return expected instanceof Outcome.Failed failed
              && failed.code() == SessionLogException.Code.CURSOR_AHEAD
          ? "TAIL-4"
          : "TAIL-1";
    }

    @Override
    public Object call(LiveLog live) {
      Tail tail = live.log().tail(id, options);
      live.tails().add(tail);
      return new Opened(live.life(tail.cursor().incarnation().orElseThrow()), tail.cursor().seq());
    }

    @Override
    public Object expect(LogModel model, LiveLog live) {
      TailModel tail = model.open(id, options, 0);
      return new Opened(tail.session().life(), tail.cursor());
    }

    @Override
    public String code(LiveLog live, boolean returned) {
      return "%slog.tail(%s, %s);"
          .formatted(
              variable(live, returned),
              live.code(id),
              JavaCode.tail(JavaCode.number(Cursors.of(options)), options));
    }
  }

  /** Goes on in a new tail where another one stands. */
  record Resume(int tail, String id, boolean sameLife) implements Step {
    @Override
    public String clause(Outcome expected) {
      return expected instanceof Outcome.Failed ? (sameLife ? "SES-7" : "TAIL-4") : "TAIL-1";
    }

    @Override
    public Object call(LiveLog live) {
      Tail from = live.tails().get(tail);
      Cursor cursor = from.cursor();
      Tail resumed = live.log().tail(id, sameLife ? cursor : Cursor.of(cursor.seq()));
      live.tails().add(resumed);
      return new Opened(
          live.life(resumed.cursor().incarnation().orElseThrow()), resumed.cursor().seq());
    }

    @Override
    public Object expect(LogModel model, LiveLog live) {
      TailModel from = model.tails().get(tail);
      TailModel resumed =
          model.open(id, TailOptions.from(from.cursor()), sameLife ? from.session().life() : 0);
      return new Opened(resumed.session().life(), resumed.cursor());
    }

    @Override
    public String code(LiveLog live, boolean returned) {
      return "%slog.tail(%s, %s.cursor()%s);"
          .formatted(variable(live, returned), live.code(id), name(tail), sameLife ? "" : ".seq()");
    }
  }

  /** Takes the next event of a tail, if one is there. */
  record Poll(int tail, boolean filtered) implements Step {
    @Override
    public String clause(Outcome expected) {
      boolean ended =
          expected instanceof Outcome.Failed
              || expected instanceof Outcome.Returned returned
                  && returned.value() instanceof Polled polled
                  && polled.end().isPresent();
      return ended ? "TAIL-8" : filtered ? "TAIL-5" : "TAIL-1";
    }

    @Override
    public Object call(LiveLog live) {
      Tail polled = live.tails().get(tail);
      Optional<Event> event = polled.poll(Duration.ZERO);
      return new Polled(
          event.map(each -> live.view(polled.cursor().incarnation().orElseThrow(), each)),
          polled.cursor().seq(),
          polled.end());
    }

    @Override
    public Object expect(LogModel model, LiveLog live) {
      return model.tails().get(tail).poll();
    }

    @Override
    public String code(LiveLog live, boolean returned) {
      return "%s.poll(Duration.ZERO);".formatted(name(tail));
    }
  }

  /** Closes a tail. */
  static Step close(int tail) {
    return Step.of(
        "TAIL-8",
        live -> {
          Tail closed = live.tails().get(tail);
          closed.close();
          return closed.end();
        },
        model -> {
          TailModel closed = model.tails().get(tail);
          closed.end(TailEnd.CLOSED);
          return closed.end();
        },
        live -> "%s.close();".formatted(name(tail)));
  }

  /** Reads a whole session. */
  static Step readAll(String id, String clause) {
    return Step.of(
        clause,
        live -> {
          List<EventView> events = new ArrayList<>();
          try (Tail tail = live.log().tail(id, TailOptions.from(0).withoutFollowing())) {
            tail.forEachRemaining(
                event -> events.add(live.view(tail.cursor().incarnation().orElseThrow(), event)));
          }
          return events;
        },
        model -> model.get(id).after(0),
        live ->
            "log.tail(%s, TailOptions.from(0).withoutFollowing()).forEachRemaining(System.out::println);"
                .formatted(live.code(id)));
  }
}
