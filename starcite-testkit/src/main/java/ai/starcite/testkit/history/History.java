package ai.starcite.testkit.history;

import ai.starcite.AppendOptions;
import ai.starcite.AppendResult;
import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.Session;
import ai.starcite.SessionLog;
import ai.starcite.SessionUpdate;
import ai.starcite.Tail;
import ai.starcite.TailOptions;
import ai.starcite.testkit.history.RecordedCall.Caller;
import ai.starcite.testkit.history.RecordedSessionCall.Kind;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.NullMarked;

/**
 * Records calls on one or several logs, and their answers, so that {@link HistoryChecker} can check
 * whether all answers agree with one order of events.
 *
 * <pre>{@code
 * History history = new History();
 * history.append(log, id, NewEvent.of("content", payload).withProducer("p", 1));
 * history.appendAsync(another, id, event, AppendOptions.defaults());
 * ...
 * history.check(log);
 * }</pre>
 *
 * <p>Each method calls the one of the same name and gives what it gives, or throws what it throws.
 * What is written past the history makes it wrong. An event without a producer must be unlike any
 * other that is appended to its session, since nothing else tells them apart.
 *
 * <p>Thread-safe; starts no threads and waits for none, so that it also serves a simulation that
 * runs in one thread.
 */
@NullMarked
public final class History {
  private final Recorder recorder;

  /** Makes a history that counts its moments itself. */
  public History() {
    this(new AtomicLong()::incrementAndGet);
  }

  /**
   * Makes a history with given moments.
   *
   * @param moments returns moments that never decrease; two calls count as concurrent unless one
   *     was answered at a smaller moment than the other was made at
   */
  public History(LongSupplier moments) {
    recorder = new Recorder(Objects.requireNonNull(moments, "moments"));
  }

  /**
   * Creates a session.
   *
   * @param log on which log
   * @param session what to create
   * @return the session
   */
  public Session create(SessionLog log, NewSession session) {
    return session(Kind.CREATE, log, session.id().orElse(""), () -> log.create(session));
  }

  /**
   * Reads a session, whose last seq is checked too.
   *
   * @param log on which log
   * @param sessionId which session
   * @return the session
   */
  public Session get(SessionLog log, String sessionId) {
    return session(Kind.GET, log, sessionId, () -> log.get(sessionId));
  }

  /**
   * Updates a session, whose versions are checked.
   *
   * @param log on which log
   * @param sessionId which session
   * @param update what to change
   * @return the session
   */
  public Session update(SessionLog log, String sessionId, SessionUpdate update) {
    RecordedSessionCall call =
        new RecordedSessionCall(
            Kind.UPDATE, recorder.caller(log), sessionId, recorder.moment(), update);
    recorder.add(call);
    return recorder.answer(call, () -> log.update(sessionId, update));
  }

  /**
   * Seals a session.
   *
   * @param log on which log
   * @param sessionId which session
   * @return the session
   */
  public Session seal(SessionLog log, String sessionId) {
    return session(Kind.SEAL, log, sessionId, () -> log.seal(sessionId));
  }

  /**
   * Deletes a session.
   *
   * @param log on which log
   * @param sessionId which session
   */
  public void delete(SessionLog log, String sessionId) {
    RecordedSessionCall call =
        new RecordedSessionCall(Kind.DELETE, recorder.caller(log), sessionId, recorder.moment());
    recorder.add(call);
    recorder.answer(
        call,
        () -> {
          log.delete(sessionId);
          return "deleted";
        });
  }

  private Session session(Kind kind, SessionLog log, String id, Supplier<Session> call) {
    Caller caller = recorder.caller(log);
    long invoked = recorder.moment();
    if (!id.isEmpty()) {
      RecordedSessionCall record = new RecordedSessionCall(kind, caller, id, invoked);
      recorder.add(record);
      return recorder.answer(record, call);
    }
    Session session = call.get();
    RecordedSessionCall record = new RecordedSessionCall(kind, caller, session.id(), invoked);
    record.succeed(recorder.moment(), session);
    recorder.add(record);
    return session;
  }

  /**
   * Appends an event and waits.
   *
   * @param log on which log
   * @param sessionId to which session
   * @param event what to append
   * @return its result
   */
  public AppendResult append(SessionLog log, String sessionId, NewEvent event) {
    return append(log, sessionId, event, AppendOptions.defaults());
  }

  /**
   * Appends an event and waits.
   *
   * @param log on which log
   * @param sessionId to which session
   * @param event what to append
   * @param options what else is demanded
   * @return its result
   */
  public AppendResult append(
      SessionLog log, String sessionId, NewEvent event, AppendOptions options) {
    RecordedAppend call = begin(log, sessionId, List.of(event), options);
    return recorder.answer(call, () -> List.of(log.append(sessionId, event, options))).get(0);
  }

  /**
   * Appends several events and waits.
   *
   * @param log on which log
   * @param sessionId to which session
   * @param events what to append
   * @param options what else is demanded
   * @return their results
   */
  public List<AppendResult> appendAll(
      SessionLog log, String sessionId, List<NewEvent> events, AppendOptions options) {
    RecordedAppend call = begin(log, sessionId, events, options);
    return recorder.answer(call, () -> log.appendAll(sessionId, events, options));
  }

  /**
   * Appends an event without waiting.
   *
   * @param log on which log
   * @param sessionId to which session
   * @param event what to append
   * @param options what else is demanded
   * @return the log's own future, which can be cancelled
   */
  public CompletableFuture<AppendResult> appendAsync(
      SessionLog log, String sessionId, NewEvent event, AppendOptions options) {
    RecordedAppend call = begin(log, sessionId, List.of(event), options);
    return recorder.answerLater(call, () -> log.appendAsync(sessionId, event, options), List::of);
  }

  /**
   * Appends several events without waiting.
   *
   * @param log on which log
   * @param sessionId to which session
   * @param events what to append
   * @param options what else is demanded
   * @return the log's own future, which can be cancelled
   */
  public CompletableFuture<List<AppendResult>> appendAllAsync(
      SessionLog log, String sessionId, List<NewEvent> events, AppendOptions options) {
    RecordedAppend call = begin(log, sessionId, events, options);
    return recorder.answerLater(call, () -> log.appendAllAsync(sessionId, events, options), r -> r);
  }

  /**
   * Opens a tail. What it delivers is recorded as it is taken.
   *
   * @param log on which log
   * @param sessionId which session
   * @param options where to start and to end; without filters
   * @return the tail
   * @throws IllegalArgumentException if the options have a filter
   */
  public Tail tail(SessionLog log, String sessionId, TailOptions options) {
    if (!options.actors().isEmpty()
        || !options.types().isEmpty()
        || !options.producers().isEmpty()) {
      throw new IllegalArgumentException("a history records tails without filters");
    }
    RecordedTail record =
        new RecordedTail(recorder.caller(log), sessionId, recorder.moment(), options);
    recorder.add(record);
    Tail[] tail = new Tail[1];
    recorder.answer(
        record,
        () -> {
          tail[0] = log.tail(sessionId, options);
          return tail[0].cursor().incarnation().orElseThrow();
        });
    return new RecordingTail(tail[0], record, recorder::moment);
  }

  /**
   * Checks this history against what the sessions hold now. Nothing may be under way.
   *
   * @param reader a log to read the sessions with
   * @throws AssertionError if two answers contradict each other; see {@link HistoryChecker}
   */
  public void check(SessionLog reader) {
    new HistoryChecker(this).check(reader);
  }

  private RecordedAppend begin(
      SessionLog log, String sessionId, List<NewEvent> events, AppendOptions options) {
    RecordedAppend call =
        new RecordedAppend(recorder.caller(log), sessionId, recorder.moment(), events, options);
    recorder.add(call);
    return call;
  }

  /** The records, for the checker. */
  Recorder recorder() {
    return recorder;
  }
}
