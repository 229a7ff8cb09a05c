package ai.starcite.internal.tail;

import ai.starcite.Event;
import ai.starcite.TailEnd;
import org.jspecify.annotations.Nullable;

/** Where a tail hands its events to: the code of a user, called by one thread at a time. */
interface Sink {
  /** Comes first, once. */
  void begin(PushTail tail) throws Exception;

  /** An event that was asked for. */
  void event(Event event) throws Exception;

  /** Comes last, once. */
  void end(TailEnd end, @Nullable Throwable failure);
}
