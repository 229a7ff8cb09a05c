package ai.starcite.internal;

import ai.starcite.LogObserver;
import ai.starcite.SessionLogException;
import ai.starcite.TailEnd;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps an observer's exceptions from the log. */
final class SafeObserver implements LogObserver {
  private static final Logger LOG = LoggerFactory.getLogger(LogObserver.class);

  private final LogObserver observer;

  SafeObserver(LogObserver observer) {
    this.observer = observer;
  }

  private void tell(Consumer<LogObserver> what) {
    try {
      what.accept(observer);
    } catch (RuntimeException | Error e) {
      LOG.warn("the log's observer failed", e);
    }
  }

  @Override
  public void committed(String sessionId, int events, int bytes, Duration took) {
    tell(each -> each.committed(sessionId, events, bytes, took));
  }

  @Override
  public void deduped(String sessionId, int events) {
    tell(each -> each.deduped(sessionId, events));
  }

  @Override
  public void appendFailed(String sessionId, SessionLogException.Code code) {
    tell(each -> each.appendFailed(sessionId, code));
  }

  @Override
  public void retried(String sessionId, int attempt) {
    tell(each -> each.retried(sessionId, attempt));
  }

  @Override
  public void pageRead(String sessionId, long bytes, Duration took) {
    tell(each -> each.pageRead(sessionId, bytes, took));
  }

  @Override
  public void sessionOpened(String sessionId, Duration took) {
    tell(each -> each.sessionOpened(sessionId, took));
  }

  @Override
  public void sessionEvicted(String sessionId) {
    tell(each -> each.sessionEvicted(sessionId));
  }

  @Override
  public void tailOpened(String sessionId) {
    tell(each -> each.tailOpened(sessionId));
  }

  @Override
  public void tailEnded(String sessionId, TailEnd end) {
    tell(each -> each.tailEnded(sessionId, end));
  }
}
