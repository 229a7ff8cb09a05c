package ai.starcite.internal.tail;

import ai.starcite.Event;
import ai.starcite.TailEnd;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands the events that it asks for to a subscriber. */
final class SubscriberSink implements Sink {
  private static final Logger LOG = LoggerFactory.getLogger(SubscriberSink.class);

  private final Flow.Subscriber<? super Event> subscriber;

  /** Whether it was the subscriber that threw, which must not be called again then. */
  private boolean threw = true;

  SubscriberSink(Flow.Subscriber<? super Event> subscriber) {
    this.subscriber = subscriber;
  }

  @Override
  public void begin(PushTail tail) {
    subscriber.onSubscribe(tail);
    threw = false;
  }

  @Override
  public void event(Event event) {
    threw = true;
    subscriber.onNext(event);
    threw = false;
  }

  @Override
  public void end(TailEnd end, @Nullable Throwable failure) {
    if (threw) {
      LOG.warn("a subscriber to a tail threw, which ends the tail", failure);
    } else if (failure != null) {
      subscriber.onError(failure);
    } else if (end != TailEnd.CLOSED) {
      subscriber.onComplete();
    }
  }
}
