package ai.starcite.internal.commit;

import ai.starcite.AppendResult;
import ai.starcite.SessionLogException;
import ai.starcite.internal.append.AppendCall;
import ai.starcite.internal.events.Page;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A call in the queue of one incarnation of a session, and what was decided of it last. Guarded by
 * the lock of the session.
 */
public final class QueuedAppend implements AppendCall.Place {
  /** The session whose queue this is in. */
  public interface Holder {
    /** Ends a call that has not reached the store; says of another one that it may be stored. */
    void withdraw(QueuedAppend queued, String why);
  }

  private final AppendCall call;

  private volatile @Nullable Holder holder;

  /** By producer, the failure of an event before this call that its new events share. */
  private Map<String, Failed> shared = Map.of();

  /** Whether the call may look at the store once more; see {@link #looksAgain}. */
  private boolean mayLookAgain = true;

  /** Its place in the order in which calls came to the session. */
  long order;

  /** How many refreshes had begun when it came. */
  long arrival;

  /** Whether it counts as an asynchronous call of its session. */
  boolean counted;

  // ---- As decided last.

  /** By event, the seq that it has or will have. */
  final long[] seqs;

  /** By event, whether it is stored or pending already. */
  final boolean[] known;

  /** Whether it repeats an event that is pending itself, so that it shares that one's outcome. */
  boolean repeatsPending;

  /** Whether it is meant for another incarnation of the session. */
  boolean meantForAnother;

  /** Whether its events are in a segment. */
  boolean encoded;

  /** Why it will fail, once everything that this rests on is durable. */
  @Nullable SessionLogException refusal;

  // ---- What was found of its old events in the log, which does not change any more.

  /** By event, the seq at which it was found; null until one was looked for. */
  private long @Nullable [] found;

  /** The search for one of the events, or null. */
  @Nullable Search search;

  /** The page that it waited for. */
  @Nullable Page page;

  /** The seq whose page it waits for. */
  long wantedSeq;

  /** A call of which nothing was decided. */
  public QueuedAppend(AppendCall call) {
    this.call = call;
    int count = call.events().size();
    this.seqs = new long[count];
    this.known = new boolean[count];
  }

  /** The call. */
  public AppendCall call() {
    return call;
  }

  /** Gives the call its place in the queue of a session. */
  public void heldBy(Holder session) {
    holder = session;
    call.place(this);
  }

  @Override
  public void withdraw(String why) {
    Objects.requireNonNull(holder, "the call has a place").withdraw(this, why);
  }

  /** The seq whose page the call waits for. */
  public long wantedSeq() {
    return wantedSeq;
  }

  /**
   * The same call, of which nothing was decided, for the next incarnation; what it shares the
   * failure of goes with it.
   */
  QueuedAppend again() {
    QueuedAppend next = new QueuedAppend(call);
    next.shared = shared;
    next.mayLookAgain = mayLookAgain;
    return next;
  }

  /**
   * Joins an opening of the session that began before the call, and may have looked at the store
   * before it. If that finds nothing, the call looks once more; a second time this is false.
   */
  public boolean looksAgain() {
    boolean first = mayLookAgain;
    mayLookAgain = false;
    return first;
  }

  boolean isDone() {
    return call.isDone();
  }

  /**
   * Has new events of this call fail with those of their producers that failed before it; true if
   * that is news.
   */
  boolean shareFailures(Map<String, Failed> failures) {
    boolean any = false;
    if (!call.isDone() && !failures.isEmpty()) {
      for (int i = 0; i < known.length; i++) {
        String producer = call.producer(i);
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
  @Nullable Failed sharedFailure(String producer) {
    return shared.get(producer);
  }

  /** Whether there is an event that is not known already. */
  boolean hasNew() {
    return countKnown() < known.length;
  }

  /** How many of the events are known already. */
  int countKnown() {
    int count = 0;
    for (boolean each : known) {
      count += each ? 1 : 0;
    }
    return count;
  }

  /** Where an event was found in the log, or 0. */
  long foundAt(int i) {
    return found == null ? 0 : found[i];
  }

  /** Notes where an event was found in the log. */
  void setFound(int i, long seq) {
    if (found == null) {
      found = new long[seqs.length];
    }
    found[i] = seq;
  }

  /** The producers of the events, each once. */
  Set<String> producersOnce() {
    Set<String> once = new HashSet<>();
    for (int i = 0; i < known.length; i++) {
      if (call.producer(i) != null) {
        once.add(call.producer(i));
      }
    }
    return once;
  }

  /** Ends the call as decided; false if it has ended before. */
  boolean succeed(long lastSeq) {
    page = null;
    if (seqs.length == 1) {
      return call.succeed(List.of(new AppendResult(seqs[0], lastSeq, known[0])));
    }
    List<AppendResult> results = new ArrayList<>(seqs.length);
    for (int i = 0; i < seqs.length; i++) {
      results.add(new AppendResult(seqs[i], lastSeq, known[i]));
    }
    return call.succeed(results);
  }
}
