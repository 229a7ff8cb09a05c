package ai.starcite.internal.append;

import ai.starcite.AppendResult;
import ai.starcite.NewEvent;
import ai.starcite.SessionLogException;
import ai.starcite.internal.CoreAccess;
import ai.starcite.internal.events.Page;
import ai.starcite.internal.segment.ContentHash;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One call to append: what the caller wants, which never changes, and how it ended, which is set
 * once by any thread. What a session decides of the call on the way is not kept here.
 *
 * <p>A call without events that does not seal is a barrier: it ends when every call before it has.
 */
public final class AppendCall {
  /** The approximate memory that a pending event takes beside its bytes. */
  private static final int OVERHEAD = 256;

  private static final AtomicReferenceFieldUpdater<AppendCall, Object> OUTCOME =
      AtomicReferenceFieldUpdater.newUpdater(AppendCall.class, Object.class, "outcome");

  /** The place that a call has in an open session. */
  public interface Place {
    /** Ends the call if it has not reached the store; else says that it may be stored. */
    void withdraw(String why);
  }

  private final List<NewEvent> events;
  private final long expectedSeq;
  private final boolean seal;
  private final @Nullable String incarnation;
  private final long deadline;
  private final long bytes;
  private final @Nullable AppendFuture<?> future;
  private final @Nullable Thread caller;
  private final @Nullable String[] producers;
  private final @Nullable ContentHash[] hashes;

  private volatile @Nullable Place place;

  /** A list of results, or an exception. */
  private volatile @Nullable Object outcome;

  /** What the call's bytes were taken from, until they are given back. */
  private ByteBudget.@Nullable Share share;

  /** The next call in its {@link EndedCalls}. */
  @Nullable AppendCall nextEnded;

  /** A call of the calling thread, which blocks for it unless there is a future. */
  public AppendCall(
      List<NewEvent> events,
      long expectedSeq,
      boolean seal,
      @Nullable String incarnation,
      long deadline,
      @Nullable AppendFuture<?> future) {
    int count = events.size();
    this.events = events;
    this.expectedSeq = expectedSeq;
    this.seal = seal;
    this.incarnation = incarnation;
    this.deadline = deadline;
    this.future = future;
    this.caller = future == null ? Thread.currentThread() : null;
    this.producers = new String[count];
    this.hashes = new ContentHash[count];
    long size = 0;
    for (int i = 0; i < count; i++) {
      NewEvent event = events.get(i);
      producers[i] = CoreAccess.access().producerId(event);
      if (producers[i] != null) {
        // Here, where no session's lock is held.
        hashes[i] = Page.contentHash(event, sealsWith(i));
      }
      size += event.size();
    }
    this.bytes = size;
  }

  /** The events, in order. */
  public List<NewEvent> events() {
    return events;
  }

  /** The seq that the session's last event must have, or -1 for any. */
  public long expectedSeq() {
    return expectedSeq;
  }

  /** Whether the session is sealed after the events. */
  public boolean seals() {
    return seal;
  }

  /** Whether an event carries the seal: the last one does. */
  public boolean sealsWith(int i) {
    return seal && i == events.size() - 1;
  }

  /** The incarnation of the session that the call is meant for, or null for any. */
  public @Nullable String incarnation() {
    return incarnation;
  }

  /** When the call is over, as {@code Waits.nanoTime}. */
  public long deadline() {
    return deadline;
  }

  /** The bytes of the events. */
  public long bytes() {
    return bytes;
  }

  /** What the call takes of the budget: its bytes, and an estimate of what it costs to keep. */
  public long charge() {
    return bytes + (long) OVERHEAD * events.size();
  }

  /** The producer of an event, or null. */
  public @Nullable String producer(int i) {
    return producers[i];
  }

  /** The producer's number of an event that has a producer. */
  public long number(int i) {
    return CoreAccess.access().producerSeq(events.get(i));
  }

  /** The hash of the content of an event that has a producer. */
  public @Nullable ContentHash hash(int i) {
    return hashes[i];
  }

  /** Whether this is a barrier, or a seal alone. */
  public boolean isWithoutEvents() {
    return events.isEmpty();
  }

  /** Whether nobody blocks for the call, so that its time-out must be watched. */
  public boolean isAsync() {
    return future != null;
  }

  /** Whether the calling thread blocks until the call is over, and has so many nanoseconds. */
  public boolean blocksFor(long nanos, long now) {
    return caller != null && deadline - now >= nanos;
  }

  /** The call's place; null while it is on its way to a session. */
  public @Nullable Place place() {
    return place;
  }

  /** Notes the call's place. */
  public void place(@Nullable Place newPlace) {
    place = newPlace;
  }

  /** Notes what the call's bytes were taken from. */
  public void charged(ByteBudget.Share from) {
    share = from;
  }

  /** Gives the call's bytes back, if that was not done before. */
  public void release(ByteBudget budget) {
    if (share != null) {
      budget.release(share, charge());
      share = null;
    }
  }

  /** Whether the call has an outcome. */
  public boolean isDone() {
    return outcome != null;
  }

  /** Sets the outcome once; false if there was one. The caller then calls {@link #wake}. */
  public boolean succeed(List<AppendResult> results) {
    return OUTCOME.compareAndSet(this, null, results);
  }

  /** Sets the outcome once; false if there was one. The caller then calls {@link #wake}. */
  public boolean fail(SessionLogException failure) {
    return OUTCOME.compareAndSet(this, null, failure);
  }

  /** Wakes the threads that block for the outcome; runs no code of users. */
  public void wake() {
    if (future != null) {
      future.ended(outcome);
    } else {
      LockSupport.unpark(caller);
    }
  }

  /** Completes the future, which may run the code of users. */
  public void complete() {
    if (future != null) {
      future.deliver();
    }
  }

  /**
   * The results of a call that is done.
   *
   * @throws SessionLogException its failure, with the stack trace of the calling thread: it was
   *     made on another one, and other callers may have it too
   */
  @SuppressWarnings("unchecked")
  public List<AppendResult> results() {
    Object ended = outcome;
    if (ended instanceof SessionLogException failure) {
      throw failure.with(failure.getMessage(), failure.getCause());
    }
    return (List<AppendResult>) ended;
  }
}
