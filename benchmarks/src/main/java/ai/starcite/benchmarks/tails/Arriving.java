package ai.starcite.benchmarks.tails;

import ai.starcite.Event;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;

/** Says when an event of a certain seq was delivered, and that all came in order. */
final class Arriving implements Flow.Subscriber<Event> {
  private final long goal;
  private final CountDownLatch arrived;
  private Flow.Subscription subscription;
  private long last;

  Arriving(long goal, CountDownLatch arrived) {
    this.goal = goal;
    this.arrived = arrived;
  }

  @Override
  public void onSubscribe(Flow.Subscription begun) {
    subscription = begun;
    begun.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(Event event) {
    if (last != 0 && event.seq() != last + 1) {
      throw new IllegalStateException("seq " + event.seq() + " after " + last);
    }
    last = event.seq();
    if (last == goal) {
      subscription.cancel();
      arrived.countDown();
    }
  }

  @Override
  public void onError(Throwable failure) {
    throw new IllegalStateException(failure);
  }

  @Override
  public void onComplete() {}
}
