package ai.starcite.internal.open;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.TailEnd;
import ai.starcite.internal.append.AppendCall;
import ai.starcite.internal.append.ByteBudget;
import ai.starcite.internal.commit.CommitContext;
import ai.starcite.internal.session.Head;
import ai.starcite.internal.session.SessionLoader;
import ai.starcite.internal.store.StoreFailures;
import ai.starcite.spi.SessionKey;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open sessions of a log. A session is opened when it is first used, and closed again when it
 * is idle and memory is wanted: the longest unused first, about (the clock algorithm). Thread-safe.
 */
public final class OpenSessions {
  private static final Logger LOG = LoggerFactory.getLogger(OpenSessions.class);
  private static final long TRY_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long REPLACED_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final CommitContext context;
  private final SessionLoader loader;
  private final long maxWeight;
  private final ConcurrentHashMap<String, OpenSession> open = new ConcurrentHashMap<>();
  private final Set<OpenSession> lingering = ConcurrentHashMap.newKeySet();
  private final AtomicLong weight = new AtomicLong();

  /** The lives whose deletion is under way, or has an unknown outcome, and how often. */
  private final ConcurrentHashMap<SessionKey, Integer> deletions = new ConcurrentHashMap<>();

  /** Not a lock, which would let in the thread that has it: closing a session comes here again. */
  private final AtomicBoolean evicting = new AtomicBoolean();

  private @Nullable Iterator<OpenSession> hand;

  /**
   * Below this weight there is no use in looking for idle sessions again, for a while: those that
   * are open are in use.
   */
  private volatile long heavyAnyway;

  private volatile long triedNanos;
  private volatile @Nullable SessionLogException closed;

  /** Writers whose sessions may take about so many bytes. */
  public OpenSessions(CommitContext context, SessionLoader loader, long maxWeight) {
    this.context = context;
    this.loader = loader;
    this.maxWeight = maxWeight;
  }

  /** The writer of a session, which is opened if need be. */
  public OpenSession writer(String sessionId) {
    OpenSession known = open.get(sessionId);
    if (known != null) {
      known.use();
      return known;
    }
    OpenSession writer = new OpenSession(sessionId, context, this, new ByteBudget.Share());
    OpenSession other = open.putIfAbsent(sessionId, writer);
    if (other != null) {
      return other;
    }
    load(writer);
    return writer;
  }

  /** Loads the session of a writer that has its place among the open ones. */
  private void load(OpenSession writer) {
    SessionLogException refusal = closed;
    if (refusal != null) {
      writer.loadFailed(refusal);
      return;
    }
    try {
      CompletableFuture<@Nullable Void> before = inFlightBefore(writer);
      if (before.isDone()) {
        loadNow(writer);
      } else {
        before.thenRun(() -> load(writer));
      }
    } catch (RuntimeException | Error e) {
      loadFailed(writer, e);
    }
  }

  /** Ends a session that cannot be opened; the next call tries again, even if this fails too. */
  private void loadFailed(OpenSession writer, @Nullable Throwable failure) {
    try {
      writer.loadFailed(StoreFailures.of(failure));
    } finally {
      forget(writer);
    }
  }

  /** What a writer of the session that was given up has still in flight. */
  private CompletableFuture<@Nullable Void> inFlightBefore(OpenSession writer) {
    for (OpenSession other : lingering) {
      if (other.sessionId().equals(writer.sessionId()) && !other.toWaitFor().isDone()) {
        return other.toWaitFor();
      }
    }
    return CompletableFuture.completedFuture(null);
  }

  private void loadNow(OpenSession writer) {
    String sessionId = writer.sessionId();
    long started = System.nanoTime();
    loader
        .load(sessionId)
        .whenComplete((loaded, failure) -> loaded(writer, loaded, failure, started));
  }

  private void loaded(
      OpenSession writer,
      SessionLoader.@Nullable Loaded loaded,
      @Nullable Throwable failure,
      long started) {
    if (loaded == null) {
      loadFailed(writer, failure);
      return;
    }
    try {
      writer.opened(loaded);
    } catch (RuntimeException | Error e) {
      loadFailed(writer, e);
    }
    context
        .observer()
        .sessionOpened(writer.sessionId(), Duration.ofNanos(System.nanoTime() - started));
    evictIfHeavy();
  }

  /**
   * The head of a session, which is opened if need be; fails if it cannot be. Someone else's look
   * at the store may be older than this call: where it found nothing, another one is taken.
   */
  public CompletableFuture<Head> head(String sessionId) {
    CompletableFuture<Head> first = writer(sessionId).head();
    return first
        .handle(
            (head, failure) ->
                failure != null && StoreFailures.of(failure).code() == Code.SESSION_NOT_FOUND
                    ? writer(sessionId).head()
                    : first)
        .thenCompose(head -> head);
  }

  /** Hands ops of a writer that has ended to the next one, before all that come later. */
  void moveOn(OpenSession from, List<AppendCall> ops) {
    String sessionId = from.sessionId();
    try {
      OpenSession next = new OpenSession(sessionId, context, this, from.share());
      if (next.takeOver(ops, () -> open.replace(sessionId, from, next))) {
        load(next);
      } else {
        // Somebody has opened the session since.
        forget(from);
        ops.forEach(op -> submit(sessionId, op));
      }
    } catch (RuntimeException | Error e) {
      forget(from);
      for (AppendCall op : ops) {
        if (op.writer == null) {
          context.endLost(op, e);
        }
      }
    }
  }

  /** Keeps a writer that has ended, and has something in flight, in sight for a close. */
  void linger(OpenSession writer) {
    lingering.add(writer);
    if (writer.isSettled()) {
      // Meanwhile, by the thread that had the answer.
      lingering.remove(writer);
    }
    SessionLogException failure = closed;
    if (failure != null) {
      writer.retire(failure, TailEnd.LOG_CLOSED);
    }
  }

  /** Lets go of a writer whose last write is settled. */
  void lingersNoMore(OpenSession writer) {
    lingering.remove(writer);
  }

  /** Hands an op to the writer of its session. */
  public void submit(String sessionId, AppendCall op) {
    while (true) {
      OpenSession known = open.get(sessionId);
      op.joinedLoad = known != null && !known.head().isDone() && !op.lookedAgain;
      op.lookedAgain |= op.joinedLoad;
      OpenSession writer = known == null ? writer(sessionId) : known;
      writer.use();
      if (writer.submit(op)) {
        return;
      }
      long since = System.nanoTime();
      while (open.get(sessionId) == writer) {
        // It has ended, and is about to be replaced.
        Thread.onSpinWait();
        if (System.nanoTime() - since > REPLACED_NANOS) {
          // Unless who was to do that has failed.
          forget(writer);
        }
      }
    }
  }

  /**
   * Notes that a life of a session is being deleted: until that has ended, this process does not
   * know whether it still is.
   */
  public void deleting(SessionKey key) {
    deletions.merge(key, 1, Integer::sum);
  }

  /** Whether a life of a session may be over, though this process has not heard of it. */
  public boolean mayBeOver(SessionKey key) {
    return !deletions.isEmpty() && deletions.containsKey(key);
  }

  /** Whether a session that is open may be over, though this process has not heard of it. */
  public boolean mayBeOver(String sessionId) {
    return !deletions.isEmpty()
        && deletions.keySet().stream().anyMatch(key -> key.id().equals(sessionId));
  }

  /**
   * Notes that a deletion has failed. If that is not certain, or another one was first, the life
   * may be over all the same, and it stays in doubt.
   */
  public void notDeleted(SessionKey key, boolean certain) {
    if (certain) {
      deletions.computeIfPresent(key, (same, count) -> count == 1 ? null : count - 1);
    }
    OpenSession writer = open.get(key.id());
    if (writer != null) {
      writer.lookAgain();
    }
  }

  /** Ends a life of a session that was deleted, if it is open in this process. */
  public void deleted(SessionKey key, SessionLogException failure) {
    OpenSession writer = open.get(key.id());
    if (writer != null) {
      writer.endLives(key::equals, failure);
    }
    deletions.remove(key);
  }

  /** Ends what is open of other lives of a session that was just created; what waits moves on. */
  public void created(SessionKey key, SessionLogException failure) {
    OpenSession writer = open.get(key.id());
    if (writer != null) {
      writer.endLives(life -> !life.equals(key), failure);
    }
  }

  /**
   * The seq of the last event that this log has published of a life of a session; empty if the
   * session is not open.
   */
  public OptionalLong published(SessionKey key) {
    OpenSession writer = open.get(key.id());
    Head head = writer == null ? null : writer.head().exceptionally(failure -> null).getNow(null);
    return head == null || !head.key().equals(key)
        ? OptionalLong.empty()
        : OptionalLong.of(head.nextSeq() - 1);
  }

  /** Sends what lingers, since the log is closing. */
  public void hurry() {
    open.values().forEach(OpenSession::hurry);
  }

  /** Ends all sessions, and opens no more. */
  public void close(SessionLogException failure) {
    closed = failure;
    open.values().forEach(writer -> close(writer, failure));
    lingering.forEach(writer -> close(writer, failure));
  }

  private static void close(OpenSession writer, SessionLogException failure) {
    try {
      writer.retire(failure, TailEnd.LOG_CLOSED);
    } catch (RuntimeException | Error e) {
      LOG.error("session {} could not be closed", writer.sessionId(), e);
    }
  }

  void forget(OpenSession writer) {
    open.remove(writer.sessionId(), writer);
  }

  void addWeight(long change) {
    weight.addAndGet(change);
  }

  private boolean isTimeToTry() {
    return context.waits().nanoTime() - triedNanos > TRY_AGAIN_NANOS;
  }

  /** Closes idle sessions if the open ones take too much memory. Not under a session's lock. */
  void evictIfHeavy() {
    long now = weight.get();
    if (now <= maxWeight
        || (now < heavyAnyway && !isTimeToTry())
        || !evicting.compareAndSet(false, true)) {
      return;
    }
    try {
      // Once round: a session that was used since the last time is passed over, above all the one
      // that was opened just now, whose caller has yet to use it.
      for (int left = open.size(); left > 0 && weight.get() > maxWeight; left--) {
        if (hand == null || !hand.hasNext()) {
          hand = open.values().iterator();
        }
        if (!hand.hasNext()) {
          return;
        }
        OpenSession writer = hand.next();
        if (!writer.wasUsed() && writer.retireIfIdle()) {
          context.observer().sessionEvicted(writer.sessionId());
        }
      }
      long left = weight.get();
      heavyAnyway = left <= maxWeight ? 0 : left + left / 16;
      triedNanos = context.waits().nanoTime();
    } catch (RuntimeException | Error e) {
      // Not the caller's affair, who only came by.
      LOG.error("idle sessions could not be closed", e);
    } finally {
      evicting.set(false);
    }
  }
}
