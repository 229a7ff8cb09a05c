/**
 * Decides, for one open session, what becomes of each call to append, and in which order events are
 * stored: group commit without a timer.
 *
 * <pre>
 *   CommitQueue ──decide──▶ NextSegment ──one at a time──▶ InFlight ──durable──▶ published, answered
 *        ▲                       │                            │
 *        └── decided again: a segment failed, or another process was first ──┘
 * </pre>
 *
 * <p><b>States of a call.</b> A {@link QueuedAppend} waits in the queue until it can be decided. A
 * decision either puts its events into the segment that forms, or writes nothing: a retry, a
 * conflict, a barrier. A decision rests on all that is pending before it and is answered only when
 * that is durable (clauses APP-4, APP-5). Whatever is not durable can be decided again.
 *
 * <p><b>States of a session.</b> {@link OpeningQueue} holds calls until the state is loaded. From
 * then on {@link SessionCommit} has it, whose {@link Life} is live, damaged (it can be read, but
 * not appended to), or retired. While a segment is in flight the next one forms, so that all that
 * arrives during one write is stored by the next. After a write the answers are delivered before
 * the next segment is sent: callers that return at once with their next event share that segment.
 *
 * <p><b>Threads and order.</b> Everything here is guarded by the one lock of the session and calls
 * neither stores nor users. What is to be done is collected as {@link Effects}, in the order in
 * which it must be done once the lock is released: first the log forgets a session that has ended,
 * then readers are woken, then callers, then the store is called. An answer of the store comes back
 * as a method of {@link StoreAnswers}, under the lock again.
 *
 * <p><b>Failure.</b> A write whose outcome is unknown is sent again, with the same bytes and token,
 * until the store is definite; nothing else is sent meanwhile, and nobody is told before. Where the
 * store answers <i>taken</i> to a repeated write, it is read back: the token says whose segment
 * stands there. On a shared store, what would be answered without a write is answered only after a
 * refresh that began after the call. An event that fails takes with it the events of its producer
 * that came after it ({@link Failed}), so that none of them slips past it. An error that nobody
 * foresaw retires the session in this process; it is opened again by the next call, but not before
 * the last write has a definite outcome.
 */
@NullMarked
package ai.starcite.internal.commit;

import org.jspecify.annotations.NullMarked;
