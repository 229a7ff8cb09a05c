package ai.starcite.testkit.history;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.starcite.AppendOptions;
import ai.starcite.AppendResult;
import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.Session;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.SessionUpdate;
import ai.starcite.TailEnd;
import ai.starcite.TailOptions;
import ai.starcite.testkit.history.RecordedCall.Caller;
import ai.starcite.testkit.history.RecordedSessionCall.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A history of one session that is made by hand, call by call, and its final log. */
final class HandMade {
  static final String ID = "s";

  final History history = new History(() -> 0);
  private final List<Event> events = new ArrayList<>();
  private String incarnation = "one";
  private boolean sealed;
  private boolean deleted;
  private int thread;

  /** An event without a producer. */
  static NewEvent event(String text) {
    return NewEvent.of("content", Json.encode(Map.of("text", text)));
  }

  /** An event of a producer's number, with a text of its own. */
  static NewEvent event(String producer, long number, String text) {
    return event(text).withProducer(producer, number);
  }

  static AppendResult appended(long seq) {
    return new AppendResult(seq, seq, false);
  }

  static AppendResult appended(long seq, long lastSeq) {
    return new AppendResult(seq, lastSeq, false);
  }

  static AppendResult deduped(long seq, long lastSeq) {
    return new AppendResult(seq, lastSeq, true);
  }

  static SessionLogException failure(Code code) {
    return new SessionLogException(code, "as it was told");
  }

  /** Every call comes from another thread, unless it is made by one that is named. */
  private Caller someone() {
    return new Caller(1, ++thread, "thread-" + thread);
  }

  /** A call of an append whose outcome is told next. */
  Call append(long invoked, NewEvent... sent) {
    return new Call(someone(), invoked, AppendOptions.defaults(), sent);
  }

  Call append(long invoked, AppendOptions options, NewEvent... sent) {
    return new Call(someone(), invoked, options, sent);
  }

  Call appendBy(long number, long invoked, NewEvent... sent) {
    return new Call(
        new Caller(1, -number, "named-" + number), invoked, AppendOptions.defaults(), sent);
  }

  final class Call {
    private final RecordedAppend append;

    private Call(Caller caller, long invoked, AppendOptions options, NewEvent... sent) {
      append = new RecordedAppend(caller, ID, invoked, List.of(sent), options);
      history.recorder().add(append);
    }

    HandMade answered(long moment, AppendResult... results) {
      append.succeed(moment, List.of(results));
      return HandMade.this;
    }

    HandMade failed(long moment, SessionLogException failure) {
      append.fail(moment, failure);
      return HandMade.this;
    }

    HandMade unknown(long moment) {
      return failed(moment, failure(Code.OUTCOME_UNKNOWN));
    }

    HandMade neverAnswered() {
      return HandMade.this;
    }
  }

  private HandMade call(Kind kind, long invoked, long answered, Object result) {
    RecordedSessionCall call = new RecordedSessionCall(kind, someone(), ID, invoked);
    call.succeed(answered, result);
    history.recorder().add(call);
    return this;
  }

  private static Session session(String incarnation, boolean sealed, long lastSeq) {
    return session(incarnation, sealed ? 2 : 1, "", "{}", sealed, lastSeq);
  }

  private static Session session(
      String incarnation,
      long version,
      String title,
      String metadata,
      boolean sealed,
      long lastSeq) {
    Map<String, Object> wire = new HashMap<>();
    wire.put("id", ID);
    if (!title.isEmpty()) {
      wire.put("title", title);
    }
    wire.put("metadata", Json.parse(metadata));
    wire.put("created_at", Instant.EPOCH.toString());
    wire.put("updated_at", Instant.EPOCH.toString());
    wire.put("version", version);
    wire.put("archived", false);
    wire.put("sealed", sealed);
    wire.put("incarnation", incarnation);
    wire.put("last_seq", lastSeq);
    return Session.fromJson(Json.encode(wire));
  }

  HandMade created(long invoked, long answered, String newIncarnation) {
    incarnation = newIncarnation;
    return call(Kind.CREATE, invoked, answered, session(newIncarnation, false, 0));
  }

  HandMade unknownCreate(long invoked, long answered) {
    RecordedSessionCall call = new RecordedSessionCall(Kind.CREATE, someone(), ID, invoked);
    call.fail(answered, failure(Code.OUTCOME_UNKNOWN));
    history.recorder().add(call);
    return this;
  }

  HandMade deleted(long invoked, long answered) {
    return call(Kind.DELETE, invoked, answered, "deleted");
  }

  HandMade sealed(long invoked, long answered, long lastSeq) {
    return call(Kind.SEAL, invoked, answered, session(incarnation, true, lastSeq));
  }

  HandMade read(long invoked, long answered, boolean seen, long lastSeq) {
    return call(Kind.GET, invoked, answered, session(incarnation, seen, lastSeq));
  }

  /** An update that succeeds, and gives what it has made of the session. */
  HandMade updated(
      long invoked, long answered, SessionUpdate update, long version, String metadata) {
    String title = update.title().orElse("");
    RecordedSessionCall call = updating(invoked, update);
    call.succeed(answered, session(incarnation, version, title, metadata, false, 0));
    return this;
  }

  HandMade failedUpdate(
      long invoked, long answered, SessionUpdate update, SessionLogException failure) {
    updating(invoked, update).fail(answered, failure);
    return this;
  }

  private RecordedSessionCall updating(long invoked, SessionUpdate update) {
    RecordedSessionCall call = new RecordedSessionCall(Kind.UPDATE, someone(), ID, invoked, update);
    history.recorder().add(call);
    return call;
  }

  /** Somebody reads the session in a version of its record. */
  HandMade sees(long invoked, long answered, long version, String title, String metadata) {
    Session seen = session(incarnation, version, title, metadata, false, 0);
    return call(Kind.GET, invoked, answered, seen);
  }

  /** A tail that was opened, delivered the events of some seqs at their moments, and ended. */
  HandMade tail(
      long invoked, long answered, TailOptions options, List<Event> seen, long at, TailEnd end) {
    RecordedTail tail = new RecordedTail(someone(), ID, invoked, options);
    tail.succeed(answered, incarnation);
    seen.forEach(each -> tail.see(at, each));
    tail.end(at + 1, end);
    history.recorder().add(tail);
    return this;
  }

  HandMade refusedTail(long invoked, long answered, long cursor, SessionLogException failure) {
    RecordedTail tail = new RecordedTail(someone(), ID, invoked, TailOptions.from(cursor));
    tail.fail(answered, failure);
    history.recorder().add(tail);
    return this;
  }

  static Event stored(long seq, NewEvent event) {
    return Event.of(seq, Instant.ofEpochSecond(seq), event);
  }

  /** What the log holds in the end. */
  HandMade holds(NewEvent... stored) {
    for (NewEvent each : stored) {
      events.add(stored(events.size() + 1L, each));
    }
    return this;
  }

  HandMade holdsAsIs(Event... stored) {
    events.addAll(List.of(stored));
    return this;
  }

  HandMade isSealed() {
    sealed = true;
    return this;
  }

  HandMade isGone() {
    deleted = true;
    return this;
  }

  /** Checks it; a failure is the checker's. */
  void check() {
    new HistoryChecker(history)
        .withSeed(42)
        .check(deleted ? List.of() : List.of(new FinalLog(ID, incarnation, sealed, events)));
  }

  /** The check must find nothing. */
  void isLegal() {
    assertThatCode(this::check).doesNotThrowAnyException();
  }

  /** The check must name the clause, the seed, and say so in words. */
  void breaks(String clause, String... words) {
    var message =
        assertThatThrownBy(this::check)
            .isInstanceOf(AssertionError.class)
            .message()
            .startsWith(clause + ": ")
            .endsWith("seed: 42");
    for (String each : words) {
      message.contains(each);
    }
  }
}
