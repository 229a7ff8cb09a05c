package ai.starcite.internal.commit;

import ai.starcite.internal.append.EndedCalls;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was decided under the lock of a session, to be done in this order once it is released:
 *
 * <ol>
 *   <li>{@link #ending}: the log forgets the session, if it has ended here. Nobody who is told of
 *       an outcome may find it still open.
 *   <li>{@link #wakesReaders}: readers see what was published. A caller that is told of its event
 *       can read it.
 *   <li>{@link #ended}: callers learn how their calls ended.
 *   <li>{@link #actions}: the store is called, in the order in which that was decided; a write
 *       comes last, since the store may keep the thread.
 * </ol>
 */
public final class Effects {
  private final EndedCalls ended = new EndedCalls();
  private final EndedCalls futures = new EndedCalls();
  private final List<Effect> ending = new ArrayList<>(0);
  private final List<Effect> actions = new ArrayList<>(2);
  private boolean wakesReaders;

  /** Adds an effect. */
  void add(Effect effect) {
    if (effect instanceof Effect.Forget
        || effect instanceof Effect.MoveOn
        || effect instanceof Effect.Outlive
        || effect instanceof Effect.Resolved) {
      ending.add(effect);
    } else {
      actions.add(effect);
    }
  }

  /** Has readers woken. */
  void wakeReaders() {
    wakesReaders = true;
  }

  /** Takes back the write that was to be handed to the store; null if there is none. */
  @Nullable InFlight withdrawSend() {
    InFlight write = send();
    if (write != null) {
      actions.removeIf(action -> action instanceof Effect.Send);
    }
    return write;
  }

  /** The write that is to be handed to the store, or null. */
  public @Nullable InFlight send() {
    int last = actions.size() - 1;
    return last >= 0 && actions.get(last) instanceof Effect.Send send ? send.write() : null;
  }

  /** What ends the session in this process. */
  public List<Effect> ending() {
    return ending;
  }

  /** Whether there is news for those who wait at the session's head. */
  public boolean wakesReaders() {
    return wakesReaders;
  }

  /** Calls that have an outcome now. */
  public EndedCalls ended() {
    return ended;
  }

  /** An empty list for the calls whose futures are to be completed: no memory is needed later. */
  public EndedCalls futures() {
    return futures;
  }

  /** What is to be done beside that. */
  public List<Effect> actions() {
    return actions;
  }

  /** Whether there is nothing to do, as for most calls, which only join the segment that forms. */
  public boolean areNone() {
    return ended.isEmpty() && actions.isEmpty() && ending.isEmpty() && !wakesReaders;
  }
}
