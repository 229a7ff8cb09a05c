package ai.starcite;

import org.jspecify.annotations.Nullable;

/**
 * Is called with the events of a tail: one at a time and in order, on the executor that was given
 * with it (clause TAIL-7). Each call sees what the ones before it did, whichever thread they ran
 * on.
 */
@FunctionalInterface
public interface TailListener {

  /**
   * Handles an event. The next one waits until this returns; other tails, and those who append, do
   * not.
   *
   * @param event the event
   * @throws Exception ends this tail, and no other, with {@link TailEnd#READER_FAILED}; the cursor
   *     stays before the event
   */
  void onEvent(Event event) throws Exception;

  /**
   * Is told once, last of all, how the tail ended.
   *
   * @param end how
   * @param failure what {@link #onEvent} threw if it was that; a {@link SessionLogException} if the
   *     session was deleted ({@code SESSION_NOT_FOUND}), the log closed ({@code CLOSED}), or the
   *     store failed ({@code STORE_UNAVAILABLE}, {@code CORRUPT}); else null
   */
  default void onEnd(TailEnd end, @Nullable Throwable failure) {}
}
