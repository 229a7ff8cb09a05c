package ai.starcite;

import ai.starcite.internal.cursor.Resumption;
import ai.starcite.internal.threads.Waits;
import ai.starcite.spi.SegmentStore;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;

/**
 * An ordered, durable log of events for each of any number of sessions: every event is stored
 * before the write returns, and a reader resumes from a cursor.
 *
 * <pre>{@code
 * try (SessionLog log = SessionLog.open(store)) {
 *   String id = log.create(NewSession.titled("Draft contract")).id();
 *   log.append(id, NewEvent.of(Message.assistant("Drafting…")).withAgent("drafter"));
 *   try (Tail tail = log.tail(id, 0)) {
 *     Event first = tail.next();
 *   }
 * }
 * }</pre>
 *
 * <p>All methods are safe for use by many threads. They throw {@link SessionLogException}, whose
 * code says what happened, and {@link NullPointerException} naming an argument that is null. An id
 * that no session can have is {@code INVALID}, one that no session has is {@code
 * SESSION_NOT_FOUND}; any call can fail with {@code STORE_UNAVAILABLE} or {@code CORRUPT}, with
 * {@code CANCELLED} if its thread is interrupted or it takes longer than the time-out, and after
 * {@link #close} with {@code CLOSED}. Those are not repeated below.
 */
public interface SessionLog extends AutoCloseable {

  /**
   * Opens a log over a store with default settings. The log closes the store when it is closed.
   *
   * @param store where the log is kept
   * @return an open log
   * @throws SessionLogException {@code INVALID} if the store cannot hold a full batch
   */
  static SessionLog open(SegmentStore store) {
    return builder(store).open();
  }

  /**
   * Prepares a log over a store.
   *
   * @param store where the log is kept
   * @return a builder with default settings
   */
  static SessionLogBuilder builder(SegmentStore store) {
    return new SessionLogBuilder(store);
  }

  /**
   * Creates a session durably (clause SES-1).
   *
   * @param session what to create
   * @return the session
   * @throws SessionLogException {@code SESSION_EXISTS} if the id is taken; {@code OUTCOME_UNKNOWN}
   */
  Session create(NewSession session);

  /**
   * Creates a session durably, unless its id is taken (clause SES-1).
   *
   * @param session what to create; ignored but for the id if the session exists
   * @return the session, and whether it is new
   * @throws SessionLogException {@code OUTCOME_UNKNOWN}
   */
  CreateResult createIfAbsent(NewSession session);

  /**
   * Reads a session.
   *
   * @param sessionId which one
   * @return the session as it is now
   */
  Session get(String sessionId);

  /**
   * Changes title and metadata durably (clause SES-4).
   *
   * @param sessionId which session
   * @param update what to change
   * @return the session after the change
   * @throws SessionLogException {@code VERSION_CONFLICT} if another version was expected; {@code
   *     INVALID} if the merged metadata is too large; {@code OUTCOME_UNKNOWN}
   */
  Session update(String sessionId, SessionUpdate update);

  /**
   * Hides a session from plain listings (clause SES-5). It can still be read and appended to.
   *
   * @param sessionId which session
   * @return the session after the change; unchanged if it was archived already
   * @throws SessionLogException {@code OUTCOME_UNKNOWN}
   */
  Session archive(String sessionId);

  /**
   * Shows a session in plain listings again (clause SES-5).
   *
   * @param sessionId which session
   * @return the session after the change; unchanged if it was not archived
   * @throws SessionLogException {@code OUTCOME_UNKNOWN}
   */
  Session unarchive(String sessionId);

  /**
   * Ends a session for good: appends are refused from now on, tails complete (clause SES-8). It
   * waits for everything that was sent to the session before.
   *
   * @param sessionId which session
   * @return the session after the change; unchanged if it was sealed already. If it was deleted
   *     before it could be read again, what was read before the seal, marked as sealed
   * @throws SessionLogException {@code OUTCOME_UNKNOWN}; sealing again is safe
   */
  Session seal(String sessionId);

  /**
   * Lists sessions page by page (clause SES-6).
   *
   * @param query which sessions
   * @return a page, without last seqs
   */
  SessionPage list(SessionQuery query);

  /**
   * Erases a session and its events (clause SES-7). The id can be created again.
   *
   * @param sessionId which session
   * @throws SessionLogException {@code OUTCOME_UNKNOWN}
   */
  void delete(String sessionId);

  /**
   * Appends an event and returns when it is durable (clause APP-1).
   *
   * @param sessionId to which session
   * @param event what to append
   * @return its seq
   * @throws SessionLogException see {@link #append(String, NewEvent, AppendOptions)}
   */
  default AppendResult append(String sessionId, NewEvent event) {
    return append(sessionId, event, AppendOptions.defaults());
  }

  /**
   * Appends an event and returns when it is durable (clause APP-1).
   *
   * @param sessionId to which session
   * @param event what to append
   * @param options what else is demanded
   * @return its seq
   * @throws SessionLogException {@code SESSION_SEALED}, {@code EXPECTED_SEQ_CONFLICT}, {@code
   *     PRODUCER_SEQ_CONFLICT}, {@code PRODUCER_REPLAY_CONFLICT}, {@code TOO_MANY_PRODUCERS};
   *     {@code CANCELLED} if the time-out passed or the thread was interrupted (its flag stays set)
   *     before the event reached the store, {@code OUTCOME_UNKNOWN} if after
   */
  AppendResult append(String sessionId, NewEvent event, AppendOptions options);

  /**
   * Appends an event without waiting.
   *
   * @param sessionId to which session
   * @param event what to append
   * @return see {@link #appendAsync(String, NewEvent, AppendOptions)}
   */
  default CompletableFuture<AppendResult> appendAsync(String sessionId, NewEvent event) {
    return appendAsync(sessionId, event, AppendOptions.defaults());
  }

  /**
   * Appends an event without waiting. The future completes on the log's executor when the event is
   * durable, or fails with the exception that {@link #append(String, NewEvent, AppendOptions)}
   * throws; arguments are checked at once. It fails with {@code BACKPRESSURE} if too many bytes
   * wait to be stored, or are stored and wait for callbacks of other futures to return (clause
   * APP-8). A callback may append; a blocking append does not wait for callbacks.
   *
   * <p>A callback may block, for another append for instance: {@code join} and {@code get} of the
   * future need no thread of the executor. Callbacks that hold threads of the log's own executor
   * for seconds are named in the log at WARN.
   *
   * <p>{@link CompletableFuture#cancel} withdraws the event if it has not reached the store: the
   * future then fails with {@code CANCELLED}, else with {@code OUTCOME_UNKNOWN}. It returns false,
   * and {@link CompletableFuture#isCancelled} is never true, since only the log knows how the
   * append ended. Completing the future in any other way, as {@code orTimeout} does, withdraws the
   * event too, but does not tell whether it is stored: use {@link AppendOptions#withTimeout}.
   *
   * @param sessionId to which session
   * @param event what to append
   * @param options what else is demanded
   * @return its seq to come
   */
  CompletableFuture<AppendResult> appendAsync(
      String sessionId, NewEvent event, AppendOptions options);

  /**
   * Appends several events atomically, with consecutive seqs, and returns when they are durable
   * (clause APP-3).
   *
   * @param sessionId to which session
   * @param events 1 to 10,000 events of 8 MiB together at the most
   * @return a result for each event, in order
   * @throws SessionLogException see {@link #append(String, NewEvent, AppendOptions)}
   */
  default List<AppendResult> appendAll(String sessionId, List<NewEvent> events) {
    return appendAll(sessionId, events, AppendOptions.defaults());
  }

  /**
   * Appends several events atomically, with consecutive seqs, and returns when they are durable
   * (clause APP-3).
   *
   * @param sessionId to which session
   * @param events 1 to 10,000 events of 8 MiB together at the most
   * @param options what else is demanded of the batch
   * @return a result for each event, in order
   * @throws SessionLogException see {@link #append(String, NewEvent, AppendOptions)}
   */
  List<AppendResult> appendAll(String sessionId, List<NewEvent> events, AppendOptions options);

  /**
   * Appends several events atomically, without waiting.
   *
   * @param sessionId to which session
   * @param events 1 to 10,000 events of 8 MiB together at the most
   * @return see {@link #appendAllAsync(String, List, AppendOptions)}
   */
  default CompletableFuture<List<AppendResult>> appendAllAsync(
      String sessionId, List<NewEvent> events) {
    return appendAllAsync(sessionId, events, AppendOptions.defaults());
  }

  /**
   * Appends several events atomically, without waiting; see {@link #appendAsync(String, NewEvent,
   * AppendOptions)}.
   *
   * @param sessionId to which session
   * @param events 1 to 10,000 events of 8 MiB together at the most
   * @param options what else is demanded of the batch
   * @return a result for each event, in order, to come
   */
  CompletableFuture<List<AppendResult>> appendAllAsync(
      String sessionId, List<NewEvent> events, AppendOptions options);

  /**
   * Reads a session from a cursor and follows what comes (clause TAIL-1).
   *
   * @param sessionId which session
   * @param cursor the last seq that is not wanted; 0 to start at the first event
   * @return an open tail
   * @throws SessionLogException see {@link #tail(String, TailOptions)}
   */
  default Tail tail(String sessionId, long cursor) {
    return tail(sessionId, TailOptions.from(cursor));
  }

  /**
   * Reads a session from a cursor and follows what comes (clause TAIL-1). If the cursor has an
   * incarnation, the session must have it.
   *
   * @param sessionId which session
   * @param cursor where to go on
   * @return an open tail
   * @throws SessionLogException see {@link #tail(String, TailOptions)}
   */
  default Tail tail(String sessionId, Cursor cursor) {
    return tail(sessionId, TailOptions.from(cursor));
  }

  /**
   * Reads a session from a cursor (clause TAIL-1).
   *
   * @param sessionId which session
   * @param options where to start and end, and what to let through
   * @return an open tail
   * @throws SessionLogException {@code CURSOR_AHEAD} if the cursor lies beyond the last event;
   *     {@code SESSION_NOT_FOUND} also if the session has another incarnation than is demanded
   */
  Tail tail(String sessionId, TailOptions options);

  /**
   * Reads a session from a cursor and calls a listener with each event, on the log's executor
   * (clause TAIL-7).
   *
   * @param sessionId which session
   * @param options where to start and end, and what to let through
   * @param listener is called with one event at a time; it must not block for long
   * @return an open tail, which may have called the listener already
   */
  TailSubscription subscribe(String sessionId, TailOptions options, TailListener listener);

  /**
   * Reads a session from a cursor and calls a listener with each event (clause TAIL-7).
   *
   * @param sessionId which session
   * @param options where to start and end, and what to let through
   * @param listener is called with one event at a time, in order
   * @param executor runs the listener; not in the thread that calls it, which is one of the log's
   * @return an open tail, which may have called the listener already
   * @throws SessionLogException see {@link #tail(String, TailOptions)}
   */
  TailSubscription subscribe(
      String sessionId, TailOptions options, TailListener listener, Executor executor);

  /**
   * Reads a session from a cursor as a reactive stream (clause TAIL-7). Each subscriber has a tail
   * of its own, which is opened when it subscribes and reads what is demanded; where that fails, it
   * is told so by {@code onError}. A subscriber runs on the log's executor: it must not block.
   *
   * <p>It is told of the end as Reactive Streams have it: {@code onComplete} at the end of a sealed
   * session or at a bound, {@code onError} with a {@link SessionLogException} if the session was
   * deleted ({@code SESSION_NOT_FOUND}), the log closed ({@code CLOSED}) or the store failed. Its
   * {@code Flow.Subscription} is a {@link TailSubscription}, which has the cursor.
   *
   * @param sessionId which session
   * @param options where to start and end, and what to let through
   * @return a publisher that does nothing before it is subscribed to
   */
  Flow.Publisher<Event> publisher(String sessionId, TailOptions options);

  /**
   * Reads a session from where a reader left off, or from the start, and follows what comes.
   *
   * @param sessionId which session
   * @param reader who reads, by a name that stays the same across restarts; see {@link CursorStore}
   * @param cursors where its cursor is kept
   * @return see {@link #resume(String, String, CursorStore, TailOptions)}
   * @throws SessionLogException see {@link #resume(String, String, CursorStore, TailOptions)}
   */
  default ResumableTail resume(String sessionId, String reader, CursorStore cursors) {
    return resume(sessionId, reader, cursors, TailOptions.from(0));
  }

  /**
   * Reads a session from where a reader left off.
   *
   * @param sessionId which session
   * @param reader who reads, by a name that stays the same across restarts; see {@link CursorStore}
   * @param cursors where its cursor is kept
   * @param options what to let through and where to end; where to start counts only for a reader of
   *     whom nothing is saved
   * @return an open tail, which saves how far the reader has come
   * @throws SessionLogException {@code SESSION_NOT_FOUND} also if the saved cursor is from another
   *     incarnation (clause SES-7); {@code CURSOR_AHEAD} if it lies beyond the last event; and what
   *     the store of cursors throws: {@code CORRUPT} if the saved cursor is damaged
   */
  default ResumableTail resume(
      String sessionId, String reader, CursorStore cursors, TailOptions options) {
    return Resumption.open(this, sessionId, reader, cursors, options, Waits.SYSTEM);
  }

  /**
   * Returns how far a producer has come in a session (clause APP-10). Waits until everything that
   * was sent to the session before is resolved.
   *
   * @param sessionId which session
   * @param producerId which producer
   * @return its last number and that event's seq, or empty if it has not appended yet
   */
  default Optional<Producer.Position> producerPosition(String sessionId, String producerId) {
    return producerPosition(sessionId, producerId, AppendOptions.defaults());
  }

  /**
   * Returns how far a producer has come in one life of a session.
   *
   * @param sessionId which session
   * @param producerId which producer
   * @param options how long to wait, and for which incarnation; nothing else of them counts
   * @return its last number and that event's seq, or empty if it has not appended yet
   * @throws SessionLogException {@code SESSION_NOT_FOUND} if that life of the session is over;
   *     {@code CANCELLED} if the thread was interrupted; {@code STORE_UNAVAILABLE} if the store has
   *     not resolved in time what was sent before
   */
  Optional<Producer.Position> producerPosition(
      String sessionId, String producerId, AppendOptions options);

  /**
   * Numbers a producer's events, going on from where it stands (clause APP-10).
   *
   * @param sessionId to which session it appends
   * @param producerId an id that stays the same across restarts
   * @return a producer; use one object per producer id
   */
  Producer producer(String sessionId, String producerId);

  /**
   * Ends the log (clause ERR-3): refuses new calls, waits up to the close time-out for events under
   * way, fails what is left, ends every tail and stops every thread of the log. Callbacks that run
   * late get one more second to return. Can be called twice, and from a callback.
   */
  @Override
  void close();
}
