package ai.starcite.internal.tail;

import ai.starcite.Event;
import ai.starcite.TailEnd;
import ai.starcite.TailListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands all events to a listener as they come. */
final class ListenerSink implements Sink {
  private static final Logger LOG = LoggerFactory.getLogger(ListenerSink.class);

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
    try {
      listener.onEvent(event);
    } catch (Exception | Error e) {
      // It is told as well, but most listeners are lambdas, which hear of no end.
      LOG.warn("a listener threw at event {}, which ends its tail", event.seq(), e);
      throw e;
    }
  }

  @Override
  public void end(TailEnd end, @Nullable Throwable failure) {
    listener.onEnd(end, failure);
  }
}
