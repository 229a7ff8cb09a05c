package ai.starcite.internal.threads;

import ai.starcite.LogObserver;
import ai.starcite.SessionLogException;
import ai.starcite.TailEnd;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls the user's observer on an executor of its own, so that neither what it throws nor how long
 * it takes matters to the log. What it is too slow for is dropped and counted.
 */
public final class SafeObserver implements LogObserver {
  private static final Logger LOG = LoggerFactory.getLogger(LogObserver.class);

  private final LogObserver observer;
  private final Executor executor;
  private final AtomicLong dropped = new AtomicLong();

  /** An observer that is called on an executor which refuses what is too much. */
  public SafeObserver(LogObserver observer, Executor executor) {
    this.observer = observer;
    this.executor = executor;
  }

  private void tell(Consumer<LogObserver> what) {
    try {
      executor.execute(() -> call(what));
    } catch (RuntimeException | Error e) {
      if (dropped.getAndIncrement() == 0) {
        LOG.warn("the log's observer is too slow, or no thread can be had: calls are dropped", e);
      }
    }
  }

  private void call(Consumer<LogObserver> what) {
    try {
      what.accept(observer);
    } catch (RuntimeException | Error e) {
      LOG.warn("the log's observer failed", e);
    }
    long lost = dropped.get();
    if (lost > 0 && dropped.compareAndSet(lost, 0)) {
      LOG.warn("{} calls of the log's observer were dropped", lost);
    }
  }

  @Override
  public void onCommitted(String sessionId, int events, int bytes, Duration took) {
    tell(each -> each.onCommitted(sessionId, events, bytes, took));
  }

  @Override
  public void onDeduped(String sessionId, int events) {
    tell(each -> each.onDeduped(sessionId, events));
  }

  @Override
  public void onAppendFailed(String sessionId, SessionLogException.Code code) {
    tell(each -> each.onAppendFailed(sessionId, code));
  }

  @Override
  public void onRetried(String sessionId, int attempt) {
    tell(each -> each.onRetried(sessionId, attempt));
  }

  @Override
  public void onPageRead(String sessionId, long bytes, Duration took) {
    tell(each -> each.onPageRead(sessionId, bytes, took));
  }

  @Override
  public void onSessionOpened(String sessionId, Duration took) {
    tell(each -> each.onSessionOpened(sessionId, took));
  }

  @Override
  public void onSessionEvicted(String sessionId) {
    tell(each -> each.onSessionEvicted(sessionId));
  }

  @Override
  public void onTailOpened(String sessionId) {
    tell(each -> each.onTailOpened(sessionId));
  }

  @Override
  public void onTailEnded(String sessionId, TailEnd end) {
    tell(each -> each.onTailEnded(sessionId, end));
  }
}
