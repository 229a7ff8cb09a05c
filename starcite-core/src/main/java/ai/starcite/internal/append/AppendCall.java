package ai.starcite.internal.append;

import ai.starcite.AppendResult;
import ai.starcite.NewEvent;
import ai.starcite.SessionLogException;
import ai.starcite.internal.CoreAccess;
import ai.starcite.internal.commit.CallOutcomes;
import ai.starcite.internal.commit.Failed;
import ai.starcite.internal.commit.Search;
import ai.starcite.internal.events.Page;
import ai.starcite.internal.open.OpenSession;
import ai.starcite.internal.segment.ContentHash;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One call to append: its events, what was decided of them, and how it ended. All but the outcome
 * is guarded by the lock of the session's writer.
 *
 * <p>An op without events that does not seal is a barrier: it ends when all before it is settled.
 */
public final class AppendCall {
  /** About the memory that an event takes, while it is pending, beside its bytes. */
  private static final int OVERHEAD = 256;

  public final List<NewEvent> events;
  public final long expectedSeq;
  public final boolean seal;

  /** The life of the session that it is meant for, or null for any. */
  public final @Nullable String incarnation;

  public final long bytes;

  /** What it takes of the budget: its bytes, and about what it costs to keep it. */
  public final long charge;

  public final long deadline;
  private final @Nullable AppendFuture future;
  private final @Nullable Thread caller;

  /** The producers of the events, null where there is none; a barrier and a sealing have none. */
  public final @Nullable String[] producers;

  /** The hashes of the events that have a producer, null for the others. */
  public final @Nullable ContentHash[] hashes;

  /** By event, the seq that it has or will have, as decided last. */
  public final long[] seqs;

  /** By event, whether it is known already, as decided last. */
  public final boolean[] known;

  /** By event, the seq at which it was found in the durable log; null until one was looked for. */
  long @Nullable [] found;

  /** The search for one of the events in the log, or null. */
  public @Nullable Search search;

  /** The next op in the list of those that have ended; see {@link EndedCalls}. */
  @Nullable AppendCall nextEnded;

  /** The writer that has the op. */
  public volatile @Nullable OpenSession writer;

  /**
   * Whether it came to a session that was being opened already, by a look that may be older than
   * the call: if that found nothing, it is looked for once more.
   */
  public boolean joinedLoad;

  /** Whether it was given that second look. */
  public boolean lookedAgain;

  /** Its place in the order in which ops came to the session. */
  public long order;

  /** Whether it counts as an asynchronous op of its writer. */
  public boolean counted;

  /** What its bytes were taken from, until they are given back. */
  public ByteBudget.@Nullable Share share;

  /** Whether it repeats an event that is pending itself, so that it shares that one's fate. */
  public boolean knownPending;

  /** Whether it was refused because it is meant for another life of the session. */
  public boolean meantForAnother;

  /** Whether its events are in a segment, as decided last. */
  public boolean encoded;

  /** A page that this op waited for. */
  public @Nullable Page page;

  /** The seq whose page this op waits for. */
  public long wantedSeq;

  /** Why the op will fail, once everything that this rests on is durable. */
  public @Nullable SessionLogException refusal;

  /** By producer, the failure of an event before this op that its new events share. */
  private Map<String, Failed> shared = Map.of();

  /** The count of refreshes of a shared session that had begun when the op came. */
  public long arrival;

  /** Set once; a list of results or an exception. */
  private volatile @Nullable Object outcome;

  private static final AtomicReferenceFieldUpdater<AppendCall, Object> OUTCOME =
      AtomicReferenceFieldUpdater.newUpdater(AppendCall.class, Object.class, "outcome");

  public AppendCall(
      List<NewEvent> events,
      long expectedSeq,
      boolean seal,
      @Nullable String incarnation,
      long deadline,
      @Nullable AppendFuture future) {
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
    this.seqs = new long[count];
    this.known = new boolean[count];
    long size = 0;
    for (int i = 0; i < count; i++) {
      NewEvent event = events.get(i);
      producers[i] = CoreAccess.access().producerId(event);
      if (producers[i] != null) {
        hashes[i] = Page.contentHash(event, sealsWith(i));
      }
      size += event.size();
    }
    this.bytes = size;
    this.charge = size + (long) OVERHEAD * count;
  }

  /** Whether an event carries the seal of its batch: the last one does. */
  public boolean sealsWith(int i) {
    return seal && i == events.size() - 1;
  }

  public boolean isWithoutEvents() {
    return events.isEmpty();
  }

  public boolean isAsync() {
    return future != null;
  }

  /** Whether the calling thread blocks until the op is done, and has so many nanoseconds. */
  public boolean blocksFor(long nanos, long now) {
    return caller != null && deadline - now >= nanos;
  }

  public boolean isDone() {
    return outcome != null;
  }

  /** Lets new events of this op fail with those of their producers that failed before it. */
  public boolean shareFailures(Map<String, Failed> failures) {
    boolean any = false;
    if (outcome == null && !failures.isEmpty()) {
      for (String producer : producers) {
        Failed failed = producer == null ? null : failures.get(producer);
        if (failed != null && failed.order() < order) {
          shared = shared.isEmpty() ? new HashMap<>() : shared;
          any |= shared.put(producer, shared.getOrDefault(producer, failed).and(failed)) == null;
        }
      }
    }
    return any;
  }

  /** The failure that new events of a producer share, or null. */
  public @Nullable Failed sharedFailure(String producer) {
    return shared.get(producer);
  }

  /** Whether there is an event that is not known already. */
  public boolean hasNew() {
    return countKnown() < known.length;
  }

  /** How many of the events are known already. */
  public int countKnown() {
    int count = 0;
    for (boolean each : known) {
      count += each ? 1 : 0;
    }
    return count;
  }

  /** Forgets all that was decided in one life of the session, to be decided in another. */
  public void startOver() {
    found = null;
    search = null;
    page = null;
    knownPending = false;
    refusal = null;
    encoded = false;
  }

  /** Where an event was found in the durable log, or 0. */
  public long foundAt(int i) {
    return found == null ? 0 : found[i];
  }

  /** Notes where an event was found in the durable log, which does not change any more. */
  public void setFound(int i, long seq) {
    if (found == null) {
      found = new long[events.size()];
    }
    found[i] = seq;
  }

  /** The producers of the events, each once. */
  public Set<String> producersOnce() {
    Set<String> once = new HashSet<>();
    for (String producer : producers) {
      if (producer != null) {
        once.add(producer);
      }
    }
    return once;
  }

  /** Sets the outcome once; false if there was one. The caller then calls {@link #wake}. */
  public boolean succeed(long lastSeq) {
    if (seqs.length == 1) {
      return end(List.of(new AppendResult(seqs[0], lastSeq, known[0])));
    }
    List<AppendResult> results = new ArrayList<>(seqs.length);
    for (int i = 0; i < seqs.length; i++) {
      results.add(new AppendResult(seqs[i], lastSeq, known[i]));
    }
    return end(results);
  }

  /** Sets the outcome once; false if there was one. The caller then calls {@link #wake}. */
  public boolean fail(SessionLogException failure) {
    return end(failure);
  }

  private boolean end(Object result) {
    page = null;
    return OUTCOME.compareAndSet(this, null, result);
  }

  /** Wakes the threads that block for the outcome; runs no code of users. */
  public void wake() {
    if (future != null) {
      future.ended(outcome);
    } else {
      LockSupport.unpark(caller);
    }
  }

  /** Completes the future, to be run on the executor. */
  public void complete() {
    if (future != null) {
      future.complete();
    }
  }

  /** The results of an op that is done, or its failure, as one of the calling thread's own. */
  public List<AppendResult> results() {
    Object ended = outcome;
    if (ended instanceof SessionLogException failure) {
      throw CallOutcomes.afresh(failure);
    }
    return results(ended);
  }

  @SuppressWarnings("unchecked")
  private static List<AppendResult> results(@Nullable Object ended) {
    return (List<AppendResult>) ended;
  }
}
