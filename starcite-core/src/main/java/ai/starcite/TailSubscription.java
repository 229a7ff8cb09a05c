package ai.starcite;

import java.util.Optional;

/**
 * A tail whose events are handed to a {@link TailListener} or a {@link
 * java.util.concurrent.Flow.Subscriber}. Thread-safe.
 */
public interface TailSubscription extends AutoCloseable {

  /**
   * Returns where to resume: the seq of the last event whose handling returned, or of a later one
   * that the filter passed over. Never beyond an event that is still to be handled (clause TAIL-5).
   *
   * @return a cursor of the incarnation that is read, for {@link TailOptions#from(Cursor)}
   */
  Cursor cursor();

  /**
   * Returns how the tail ended.
   *
   * @return empty while it goes on
   */
  Optional<TailEnd> end();

  /**
   * Ends the tail and releases all it holds at once. An event that is being handled is the last
   * one. Can be called twice, and from the handling of an event.
   */
  @Override
  void close();
}
