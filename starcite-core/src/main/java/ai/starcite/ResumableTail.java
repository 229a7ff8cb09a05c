package ai.starcite;

/**
 * A tail that saves in a {@link CursorStore} how far its reader has come, so that the next {@link
 * SessionLog#resume} goes on from there.
 *
 * <p>Events are handled <b>at least once</b>. An event counts as handled when its reader comes back
 * for more ({@code hasNext}, {@code next} or {@code poll}), or says so with {@link #commit}; of a
 * list, all of it does. It does not if the reader leaves: whether a loop ends by an exception or by
 * {@code break}, its last event is handed over again. To handle each <b>exactly once</b>, keep
 * {@link Event#seq()} together with its effect, in one transaction, and pass over what is not
 * beyond the seq that is kept.
 *
 * <p>What was handled is saved once a second, when the reader comes back or while it waits; when
 * the tail is complete; and by {@link #close}. So a crash repeats what was handled within a second
 * at the most, beside what the reader had in hand. The saved cursor moves past what the filter has
 * left out, too. If saving fails, the call throws what the store threw; it has handed nothing over,
 * and the next call tries again.
 *
 * <p>One tail at a time for each reader of a session: of two, the one that saves last would count.
 */
public interface ResumableTail extends Tail {

  /**
   * Counts all that was handed over as handled, and saves that now.
   *
   * @throws SessionLogException {@code CLOSED} if this tail was closed before; what the store
   *     throws if it could not save
   */
  void commit();

  /**
   * Saves what was handled and ends the tail. Called by another thread than the reader's, it waits
   * until the reader has left its call, which it does at once. Nothing is saved later.
   *
   * @throws SessionLogException what the store throws if it could not save; the tail has ended
   */
  @Override
  void close();
}
