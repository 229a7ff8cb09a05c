package ai.starcite.internal.tail;

import ai.starcite.Event;
import ai.starcite.TailEnd;
import ai.starcite.TailListener;
import org.jspecify.annotations.Nullable;

/** Hands all events to a listener as they come. */
final class ListenerSink implements Sink {
  private final TailListener listener;

  ListenerSink(TailListener listener) {
    this.listener = listener;
  }

  @Override
  public void begin(PushTail tail) {
    tail.request(Long.MAX_VALUE);
  }

  @Override
  public void event(Event event) throws Exception {
    listener.onEvent(event);
  }

  @Override
  public void end(TailEnd end, @Nullable Throwable failure) {
    listener.onEnd(end, failure);
  }
}
