package ai.starcite.internal.append;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.TailEnd;
import ai.starcite.internal.session.Head;
import ai.starcite.internal.session.SessionLoader;
import ai.starcite.internal.session.StoreFailures;
import ai.starcite.spi.SessionKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The open sessions of a log. A session is opened when it is first used, and closed again when it
 * is idle and memory is wanted: the longest unused first, about (the clock algorithm). Thread-safe.
 */
public final class Writers {
  private final WriterContext context;
  private final SessionLoader loader;
  private final long maxWeight;
  private final ConcurrentHashMap<String, SessionWriter> open = new ConcurrentHashMap<>();
  private final AtomicLong weight = new AtomicLong();
  private final ReentrantLock evicting = new ReentrantLock();
  private @Nullable Iterator<SessionWriter> hand;
  private volatile @Nullable SessionLogException closed;

  /** Writers whose sessions may take about so many bytes. */
  public Writers(WriterContext context, SessionLoader loader, long maxWeight) {
    this.context = context;
    this.loader = loader;
    this.maxWeight = maxWeight;
  }

  /** The writer of a session, which is opened if need be. */
  public SessionWriter writer(String sessionId) {
    SessionWriter known = open.get(sessionId);
    if (known != null) {
      known.used = true;
      return known;
    }
    SessionWriter writer = new SessionWriter(sessionId, context, this);
    SessionWriter other = open.putIfAbsent(sessionId, writer);
    if (other != null) {
      return other;
    }
    SessionLogException refusal = closed;
    if (refusal != null) {
      forget(writer);
      writer.loadFailed(refusal);
      throw refusal;
    }
    long started = System.nanoTime();
    loader
        .load(sessionId)
        .whenComplete(
            (loaded, failure) -> {
              if (loaded != null) {
                writer.opened(loaded);
                context
                    .observer()
                    .sessionOpened(sessionId, Duration.ofNanos(System.nanoTime() - started));
                evictIfHeavy();
              } else {
                forget(writer);
                writer.loadFailed(StoreFailures.of(failure));
              }
            });
    return writer;
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

  /** Hands an op to the writer of its session, or fails it if the log is closed. */
  void submit(String sessionId, AppendOp op) {
    while (true) {
      SessionWriter known = open.get(sessionId);
      op.joinedLoad = known != null && !known.head().isDone() && !op.lookedAgain;
      op.lookedAgain |= op.joinedLoad;
      try {
        if (writer(sessionId).submit(op)) {
          return;
        }
      } catch (SessionLogException e) {
        refuse(sessionId, op, e);
        return;
      }
      Thread.onSpinWait();
    }
  }

  private void refuse(String sessionId, AppendOp op, SessionLogException failure) {
    if (op.share != null) {
      context.budget().release(op.share, op.charge);
      op.share = null;
    }
    if (op.fail(failure)) {
      if (!op.isWithoutEvents()) {
        context.observer().appendFailed(sessionId, failure.code());
      }
      List<AppendOp> futures = new ArrayList<>();
      context.answers().wake(List.of(op), futures);
      context.answers().complete(futures);
    }
  }

  /** Looks at the store for what has become of a session, if it is open. */
  public void lookAgain(String sessionId) {
    SessionWriter writer = open.get(sessionId);
    if (writer != null) {
      writer.lookAgain();
    }
  }

  /** Ends a life of a session in this process, if it is open. */
  public void retire(SessionKey key, SessionLogException failure, TailEnd end) {
    retireIf(key.id(), key::equals, failure, end);
  }

  /** Ends what is open of earlier lives of a session that was just created. */
  public void retireOthers(SessionKey key, SessionLogException failure) {
    retireIf(key.id(), other -> !key.equals(other), failure, TailEnd.DELETED);
  }

  private void retireIf(
      String sessionId, Predicate<SessionKey> which, SessionLogException failure, TailEnd end) {
    SessionWriter writer = open.get(sessionId);
    if (writer != null) {
      writer
          .head()
          .thenAccept(
              head -> {
                if (which.test(head.key())) {
                  forget(writer);
                  writer.retire(failure, end);
                }
              });
    }
  }

  /** Ends all sessions, and opens no more. */
  public void close(SessionLogException failure) {
    closed = failure;
    for (SessionWriter writer : open.values()) {
      forget(writer);
      writer.retire(failure, TailEnd.LOG_CLOSED);
    }
  }

  void forget(SessionWriter writer) {
    open.remove(writer.sessionId(), writer);
  }

  void addWeight(long change) {
    weight.addAndGet(change);
  }

  /** Closes idle sessions if the open ones take too much memory. Not under a session's lock. */
  void evictIfHeavy() {
    if (weight.get() <= maxWeight || !evicting.tryLock()) {
      return;
    }
    try {
      // Twice round, since the first time may only take away the marks of use.
      for (int left = 2 * open.size(); left > 0 && weight.get() > maxWeight; left--) {
        if (hand == null || !hand.hasNext()) {
          hand = open.values().iterator();
        }
        if (!hand.hasNext()) {
          return;
        }
        SessionWriter writer = hand.next();
        if (writer.used) {
          writer.used = false;
        } else if (writer.retireIfIdle()) {
          context.observer().sessionEvicted(writer.sessionId());
        }
      }
    } finally {
      evicting.unlock();
    }
  }
}
