package ai.starcite.internal.open;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.TailEnd;
import ai.starcite.internal.append.AppendCall;
import ai.starcite.internal.append.ByteBudget;
import ai.starcite.internal.commit.CommitContext;
import ai.starcite.internal.commit.QueuedAppend;
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
 * is idle and memory is wanted: roughly, the least recently used first (the clock algorithm).
 * Thread-safe.
 */
public final class OpenSessions implements SessionRegistry {
  private static final Logger LOG = LoggerFactory.getLogger(OpenSessions.class);
  private static final long TRY_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long REPLACED_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final CommitContext context;
  private final SessionLoader loader;
  private final long maxWeight;
  private final ConcurrentHashMap<String, OpenSession> open = new ConcurrentHashMap<>();
  private final Set<OpenSession> lingering = ConcurrentHashMap.newKeySet();
  private final AtomicLong weight = new AtomicLong();

  /** The incarnations whose deletion is under way, or has an unknown outcome, and how often. */
  private final ConcurrentHashMap<SessionKey, Integer> deletions = new ConcurrentHashMap<>();

  /** Not a lock, which would be re-entrant: closing a session comes here again. */
  private final AtomicBoolean evicting = new AtomicBoolean();

  private @Nullable Iterator<OpenSession> hand;

  /** Below this weight it is no use to look for idle sessions again yet: all were in use. */
  private volatile long heavyAnyway;

  private volatile long triedNanos;
  private volatile @Nullable SessionLogException closed;

  /** The sessions of a log, which may take about so many bytes together. */
  public OpenSessions(CommitContext context, SessionLoader loader, long maxWeight) {
    this.context = context;
    this.loader = loader;
    this.maxWeight = maxWeight;
  }

  /** Returns an open session, which is opened if need be. */
  public OpenSession session(String sessionId) {
    OpenSession known = open.get(sessionId);
    if (known != null) {
      known.use();
      return known;
    }
    OpenSession session = new OpenSession(sessionId, context, this, new ByteBudget.Share());
    OpenSession other = open.putIfAbsent(sessionId, session);
    if (other != null) {
      return other;
    }
    load(session);
    return session;
  }

  /** Loads a session that has its place among the open ones. */
  private void load(OpenSession session) {
    SessionLogException refusal = closed;
    if (refusal != null) {
      session.loadFailed(refusal);
      return;
    }
    try {
      CompletableFuture<@Nullable Void> before = inFlightBefore(session);
      if (before.isDone()) {
        loadNow(session);
      } else {
        before.thenRun(() -> load(session));
      }
    } catch (RuntimeException | Error e) {
      loadFailed(session, e);
    }
  }

  /** Ends a session that cannot be opened; the next call tries again, even if this fails too. */
  private void loadFailed(OpenSession session, @Nullable Throwable failure) {
    try {
      session.loadFailed(StoreFailures.of(failure));
    } finally {
      forget(session);
    }
  }

  /** What an earlier opening of the session, which was given up, has still in flight. */
  private CompletableFuture<@Nullable Void> inFlightBefore(OpenSession session) {
    for (OpenSession other : lingering) {
      if (other.sessionId().equals(session.sessionId()) && !other.toWaitFor().isDone()) {
        return other.toWaitFor();
      }
    }
    return CompletableFuture.completedFuture(null);
  }

  private void loadNow(OpenSession session) {
    String sessionId = session.sessionId();
    long started = System.nanoTime();
    loader
        .load(sessionId)
        .whenComplete((loaded, failure) -> loaded(session, loaded, failure, started));
  }

  private void loaded(
      OpenSession session,
      SessionLoader.@Nullable Loaded loaded,
      @Nullable Throwable failure,
      long started) {
    if (loaded == null) {
      loadFailed(session, failure);
      return;
    }
    try {
      session.opened(loaded);
    } catch (RuntimeException | Error e) {
      loadFailed(session, e);
    }
    context
        .observer()
        .onSessionOpened(session.sessionId(), Duration.ofNanos(System.nanoTime() - started));
    evictIfHeavy();
  }

  /**
   * Returns the head of a session, which is opened if need be; fails if it cannot be. If the
   * session was being opened already and nothing was found, the store is asked again: that look may
   * have been older than this call.
   */
  public CompletableFuture<Head> head(String sessionId) {
    CompletableFuture<Head> first = session(sessionId).head();
    return first
        .handle(
            (head, failure) ->
                failure != null && StoreFailures.of(failure).code() == Code.SESSION_NOT_FOUND
                    ? session(sessionId).head()
                    : first)
        .thenCompose(head -> head);
  }

  @Override
  public void moveOn(OpenSession from, List<QueuedAppend> calls) {
    String sessionId = from.sessionId();
    try {
      OpenSession next = new OpenSession(sessionId, context, this, from.share());
      if (next.takeOver(calls, () -> open.replace(sessionId, from, next))) {
        load(next);
      } else {
        // Another thread has opened the session since.
        forget(from);
        calls.forEach(each -> submit(sessionId, each));
      }
    } catch (RuntimeException | Error e) {
      forget(from);
      for (QueuedAppend each : calls) {
        if (each.call().place() == null) {
          context.completions().endLost(each.call(), e, context.budget());
        }
      }
    }
  }

  @Override
  public void outlive(OpenSession session) {
    lingering.add(session);
    if (session.isResolved()) {
      // Meanwhile, by the thread that had the answer.
      lingering.remove(session);
    }
    SessionLogException failure = closed;
    if (failure != null) {
      session.retire(failure, TailEnd.LOG_CLOSED);
    }
  }

  @Override
  public void resolved(OpenSession session) {
    lingering.remove(session);
  }

  /** Hands a call to its session. */
  public void submit(String sessionId, AppendCall call) {
    submit(sessionId, new QueuedAppend(call));
  }

  private void submit(String sessionId, QueuedAppend queued) {
    while (true) {
      OpenSession known = open.get(sessionId);
      boolean joined = known != null && !known.head().isDone() && queued.looksAgain();
      OpenSession session = known == null ? session(sessionId) : known;
      session.use();
      if (session.submit(queued, joined)) {
        return;
      }
      awaitReplaced(sessionId, session);
    }
  }

  /** Waits until a session that has ended is replaced, which is about to happen. */
  private void awaitReplaced(String sessionId, OpenSession session) {
    long since = System.nanoTime();
    while (open.get(sessionId) == session) {
      Thread.onSpinWait();
      if (System.nanoTime() - since > REPLACED_NANOS) {
        // The thread that was to do that has failed.
        forget(session);
      }
    }
  }

  /**
   * Notes that an incarnation of a session is being deleted: until that has ended, this process
   * does not know whether it still exists.
   */
  public void deleting(SessionKey key) {
    deletions.merge(key, 1, Integer::sum);
  }

  @Override
  public boolean mayBeOver(SessionKey key) {
    return !deletions.isEmpty() && deletions.containsKey(key);
  }

  /** Whether a session that is open may be over, though this process has not heard of it. */
  public boolean mayBeOver(String sessionId) {
    return !deletions.isEmpty()
        && deletions.keySet().stream().anyMatch(key -> key.id().equals(sessionId));
  }

  /**
   * Notes that a deletion has failed. If that is not certain, or another one was first, the
   * incarnation may be over all the same, and it stays in doubt.
   */
  public void notDeleted(SessionKey key, boolean certain) {
    if (certain) {
      deletions.computeIfPresent(key, (same, count) -> count == 1 ? null : count - 1);
    }
    OpenSession session = open.get(key.id());
    if (session != null) {
      session.refresh();
    }
  }

  /** Ends an incarnation of a session that was deleted, if it is open in this process. */
  public void deleted(SessionKey key, SessionLogException failure) {
    OpenSession session = open.get(key.id());
    if (session != null) {
      session.endIncarnations(key::equals, failure);
    }
    deletions.remove(key);
  }

  /**
   * Notes that a session was created. An earlier incarnation that is still open here is over, which
   * the store says: what is open may also be a later one, if this news is late.
   */
  public void created(SessionKey key) {
    OpenSession session = open.get(key.id());
    if (session != null) {
      session.refresh();
    }
  }

  /**
   * The seq of the last event that this log has published of an incarnation; empty if that is not
   * open.
   */
  public OptionalLong published(SessionKey key) {
    OpenSession session = open.get(key.id());
    Head head = session == null ? null : session.head().exceptionally(failure -> null).getNow(null);
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
    open.values().forEach(session -> close(session, failure));
    lingering.forEach(session -> close(session, failure));
  }

  private static void close(OpenSession session, SessionLogException failure) {
    try {
      session.retire(failure, TailEnd.LOG_CLOSED);
    } catch (RuntimeException | Error e) {
      LOG.error("session {} could not be closed", session.sessionId(), e);
    }
  }

  @Override
  public void forget(OpenSession session) {
    open.remove(session.sessionId(), session);
  }

  @Override
  public void addWeight(long change) {
    weight.addAndGet(change);
  }

  private boolean isTimeToTry() {
    return context.waits().nanoTime() - triedNanos > TRY_AGAIN_NANOS;
  }

  @Override
  public void evictIfHeavy() {
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
        OpenSession session = hand.next();
        if (!session.wasUsed() && session.retireIfIdle()) {
          context.observer().onSessionEvicted(session.sessionId());
        }
      }
      long left = weight.get();
      heavyAnyway = left <= maxWeight ? 0 : left + left / 16;
      triedNanos = context.waits().nanoTime();
    } catch (RuntimeException | Error e) {
      // It is no concern of the caller, which only came by.
      LOG.error("idle sessions could not be closed", e);
    } finally {
      evicting.set(false);
    }
  }
}
