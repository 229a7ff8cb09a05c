package ai.starcite.spi;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Durable, ordered storage of segments by session: all that a session log needs from an engine.
 *
 * <p>A store never looks inside a segment. It keeps, for each session, a {@link SessionRecord}, a
 * run of segments without holes, and the latest {@link StateCheckpoint}; it owns atomicity, layout
 * and compaction. The session log owns framing, checksums, batching and dedupe.
 *
 * <p><b>Asynchrony.</b> Every operation returns at once, so that a store can fold the writes of
 * many sessions into one sync. Stages may be completed on any thread; what the log attaches to them
 * is short, never blocks and runs no user code. Every stage completes in the end: a store that
 * talks to something which may never answer bounds its calls by a time-out of its own.
 *
 * <p><b>Failure.</b> The write operations answer with an outcome, and only {@code Rejected} says
 * that nothing was written <i>and never will be</i>. A stage that fails, and an exception thrown
 * from the method itself, both count as {@code Indefinite}. The log resolves an indefinite write by
 * sending the same value again until the answer is definite, so every write operation must tolerate
 * being repeated. A read that fails completes its stage with an exception: a {@link
 * ai.starcite.SessionLogException} reaches the caller as it is, anything else as {@code
 * STORE_UNAVAILABLE} with that cause.
 *
 * <p><b>Thread safety.</b> All methods may be called from any thread at any time, after {@code
 * close} too: then they fail with {@code CLOSED}, or {@code Rejected} with it.
 */
public interface SegmentStore extends AutoCloseable {

  /**
   * Returns what this store is capable of. Constant for the life of the store, but for the linger,
   * which is asked for each time; so it answers at once.
   *
   * @return the capabilities
   */
  StoreCapabilities capabilities();

  /**
   * Stores a new session durably if its id is free. Of several creators of one id, in whatever
   * processes, exactly one is answered {@code Created} (clause SES-1).
   *
   * @param session the new session's record, of version 1
   * @return the outcome
   */
  CompletionStage<CreateOutcome> create(SessionRecord session);

  /**
   * Reads what is known of a session. It sees every write that was acknowledged before the call.
   * Damage to the session's segments must not keep it from being loaded, so that it can be read up
   * to there, and deleted: see {@link StoredSession#nextSeq()}.
   *
   * @param sessionId the session's id
   * @return record, head and latest checkpoint, or empty if there is no such session
   */
  CompletionStage<Optional<StoredSession>> load(String sessionId);

  /**
   * Appends a segment durably and atomically, if and only if its {@link Segment#firstSeq()} is the
   * session's next seq, the session is not sealed, and it lives. A segment that is stored already,
   * as its {@link Segment#token()} tells, may be answered {@code Committed} or {@code Conflict}; a
   * sealed session answers {@code Conflict} or {@code Sealed} where the seq is not the next one.
   * Appending a segment that {@linkplain Segment#seals() seals} also seals the record, atomically:
   * {@code sealed} becomes true, {@code version} rises by one and {@code updatedAt} becomes the
   * segment's {@link Segment#time()}.
   *
   * @param session id and incarnation; another incarnation than the stored one is {@code Gone}
   * @param segment the segment, at most {@link StoreCapabilities#maxSegmentBytes()} long
   * @return the outcome
   */
  CompletionStage<AppendOutcome> append(SessionKey session, Segment segment);

  /**
   * Appends as {@link #append} does, for a caller that waits for the outcome and does nothing else
   * meanwhile: the store may do the work on the calling thread, which saves the hop to another
   * thread and back. It need not, and does not by default.
   *
   * <p>It may keep the thread as long as it waits for itself, but no more than ten seconds, so that
   * the caller can keep to its time; how long an operating system takes that does not answer is
   * beyond it.
   *
   * @param session id and incarnation
   * @param segment the segment, at most {@link StoreCapabilities#maxSegmentBytes()} long
   * @return the outcome
   */
  default CompletionStage<AppendOutcome> appendBlocking(SessionKey session, Segment segment) {
    return append(session, segment);
  }

  /**
   * Reads whole segments in order, beginning with the one that contains {@code fromSeq}: at least
   * one whatever {@code maxBytes} says, further ones while their sum stays within it, none at the
   * head. It sees every write that was acknowledged before the call, whatever was read before. A
   * sealing segment without events is found at {@code fromSeq} equal to its first seq.
   *
   * @param session id and incarnation
   * @param fromSeq the seq to start at, from 1 to the next seq
   * @param maxBytes about how many bytes to return
   * @return the segments, or that the session is gone
   */
  CompletionStage<ReadOutcome> read(SessionKey session, long fromSeq, int maxBytes);

  /**
   * Replaces the record of a session durably if its stored version is {@code expectedVersion}. The
   * store keeps its own view of {@code sealed}: that flag of {@code next} equals the stored one
   * whenever the versions match.
   *
   * @param next the new record, of version {@code expectedVersion + 1}
   * @param expectedVersion the version it is made from
   * @return the outcome
   */
  CompletionStage<UpdateOutcome> update(SessionRecord next, long expectedVersion);

  /**
   * Lists session records in one stable total order of the ids. A page ends before a record that
   * cannot be read, and only the one that would begin with it fails.
   *
   * @param request where to start and how many to look at
   * @return a page
   */
  CompletionStage<RecordPage> list(ListRequest request);

  /**
   * Erases a session with its events and checkpoint, durably. Afterwards its incarnation never
   * comes back, and its id is free.
   *
   * @param session id and incarnation
   * @return the outcome
   */
  CompletionStage<DeleteOutcome> delete(SessionKey session);

  /**
   * Keeps a checkpoint for {@link #load}. Advisory: any older one, and none, is valid, so it need
   * not be durable, and the default keeps nothing.
   *
   * @param session id and incarnation
   * @param checkpoint what to keep, instead of an earlier one
   * @return completes when done; a failure is of no consequence
   */
  default CompletionStage<Void> checkpoint(SessionKey session, StateCheckpoint checkpoint) {
    return java.util.concurrent.CompletableFuture.completedFuture(null);
  }

  /**
   * Asks for a hint when another process may have written to a session. Lossy and advisory: a hint
   * may come late, twice or never; the log polls a shared store anyway. The default never hints.
   *
   * @param session id and incarnation
   * @param hint runs on any thread, is short and never blocks
   * @return ends the watch when closed
   */
  default Watch watch(SessionKey session, Runnable hint) {
    return () -> {};
  }

  /** Releases everything; operations under way end first, or fail. Can be called twice. */
  @Override
  void close();

  /** A watch on one session. */
  @FunctionalInterface
  interface Watch extends AutoCloseable {
    /** Ends the watch. Can be called twice. */
    @Override
    void close();
  }
}
