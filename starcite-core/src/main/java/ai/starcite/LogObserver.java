package ai.starcite;

import java.time.Duration;

/**
 * Is told what a log does, so that metrics can be attached without the log depending on them. Every
 * method does nothing by default.
 *
 * <p>Methods are called one after the other on a thread that the log has for that, shortly after
 * what they tell of. What they throw is logged and otherwise ignored. Where they are too slow, and
 * 10,000 calls wait, further calls are dropped, which is logged too. When the log closes, it waits
 * for the calls that wait, as long as for its other threads.
 */
public interface LogObserver {

  /**
   * Called when a segment has become durable.
   *
   * @param sessionId the session
   * @param events how many events it holds
   * @param bytes its size
   * @param took from handing it to the store until it was durable
   */
  default void onCommitted(String sessionId, int events, int bytes, Duration took) {}

  /**
   * Called when events were retried that were there already.
   *
   * @param sessionId the session
   * @param events how many
   */
  default void onDeduped(String sessionId, int events) {}

  /**
   * Called when an append failed, which may have been one of several events. A call that is refused
   * for its arguments, or because the log is closed, is no append.
   *
   * @param sessionId the session
   * @param code why
   */
  default void onAppendFailed(String sessionId, SessionLogException.Code code) {}

  /**
   * Called when a write's outcome is unknown and it is sent again.
   *
   * @param sessionId the session
   * @param attempt 1 for the first repetition
   */
  default void onRetried(String sessionId, int attempt) {}

  /**
   * Called when events were read from the store.
   *
   * @param sessionId the session
   * @param bytes how many bytes
   * @param took how long the store took
   */
  default void onPageRead(String sessionId, long bytes, Duration took) {}

  /**
   * Called when a session's state was read into memory.
   *
   * @param sessionId the session
   * @param took how long that took
   */
  default void onSessionOpened(String sessionId, Duration took) {}

  /**
   * Called when a session's state was dropped from memory.
   *
   * @param sessionId the session
   */
  default void onSessionEvicted(String sessionId) {}

  /**
   * Called when a tail was opened.
   *
   * @param sessionId the session
   */
  default void onTailOpened(String sessionId) {}

  /**
   * Called when a tail ended.
   *
   * @param sessionId the session
   * @param end how
   */
  default void onTailEnded(String sessionId, TailEnd end) {}
}
