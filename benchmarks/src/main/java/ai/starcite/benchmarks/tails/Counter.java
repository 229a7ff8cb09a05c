package ai.starcite.benchmarks.tails;

import ai.starcite.Event;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/** Counts what is delivered to any number of subscribers. */
final class Counter {
  private final LongAdder delivered = new LongAdder();

  /** A subscriber that takes all. */
  Flow.Subscriber<Event> subscriber() {
    return subscriber(Long.MAX_VALUE);
  }

  /** A subscriber that takes so many events and then no more. */
  Flow.Subscriber<Event> subscriber(long demand) {
    return new Flow.Subscriber<>() {
      @Override
      public void onSubscribe(Flow.Subscription subscription) {
        subscription.request(demand);
      }

      @Override
      public void onNext(Event event) {
        delivered.increment();
      }

      @Override
      public void onError(Throwable failure) {}

      @Override
      public void onComplete() {}
    };
  }

  /** Waits until so many events were delivered in all. */
  void await(long events) {
    while (delivered.sum() < events) {
      LockSupport.parkNanos(20_000);
    }
  }
}
