package ai.starcite.testkit.contract;

import ai.starcite.Event;
import ai.starcite.SessionLogException;
import ai.starcite.TailEnd;
import ai.starcite.TailListener;
import ai.starcite.TailSubscription;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What a tail pushed, to a listener or to a subscriber, and that it did so by the rules. */
class Received implements TailListener, Flow.Subscriber<Event> {
  private final List<Event> events = new ArrayList<>();
  private final AtomicInteger inside = new AtomicInteger();
  private volatile boolean overlapped;
  private volatile boolean afterTheEnd;
  private volatile @Nullable TailEnd end;
  private volatile @Nullable Throwable failure;
  private volatile boolean completed;
  private volatile Flow.@Nullable Subscription subscription;

  /** Does something with an event before it counts as received. */
  void handle(Event event) throws Exception {}

  /** How many events a subscriber demands at first. */
  long firstDemand() {
    return Long.MAX_VALUE;
  }

  private void receive(Event event) throws Exception {
    overlapped |= inside.incrementAndGet() > 1;
    afterTheEnd |= isOver();
    try {
      handle(event);
      synchronized (events) {
        events.add(event);
      }
    } finally {
      inside.decrementAndGet();
    }
  }

  @Override
  public void onEvent(Event event) throws Exception {
    receive(event);
  }

  @Override
  public void onEnd(TailEnd how, @Nullable Throwable why) {
    afterTheEnd |= isOver();
    failure = why;
    end = how;
  }

  @Override
  public void onSubscribe(Flow.Subscription begun) {
    subscription = begun;
    if (firstDemand() > 0) {
      begun.request(firstDemand());
    }
  }

  @Override
  public void onNext(Event event) {
    try {
      receive(event);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void onError(Throwable why) {
    afterTheEnd |= isOver();
    failure = why;
  }

  @Override
  public void onComplete() {
    afterTheEnd |= isOver();
    completed = true;
  }

  /** The events so far. */
  List<Event> events() {
    synchronized (events) {
      return List.copyOf(events);
    }
  }

  /** Whether it was told of an end. */
  boolean isOver() {
    return end != null || failure != null || completed;
  }

  /** Whether a subscriber was told that the tail is complete. */
  boolean isCompleted() {
    return completed;
  }

  /** The end that a listener was told of. */
  @Nullable TailEnd end() {
    return end;
  }

  /** The failure that it was told of. */
  @Nullable Throwable failure() {
    return failure;
  }

  /** The code of the failure that it was told of, or null. */
  SessionLogException.@Nullable Code code() {
    return failure instanceof SessionLogException known ? known.code() : null;
  }

  /** What a subscriber was given, or null before that. */
  Flow.@Nullable Subscription subscription() {
    return subscription;
  }

  /** The tail behind a subscriber's subscription. */
  TailSubscription tail() {
    return (TailSubscription) subscription;
  }

  /** Fails if it was called by two threads at once, or after the end. */
  void requireOrderly() {
    if (overlapped) {
      throw new AssertionError("TAIL-7: two events were handed over at the same time");
    }
    if (afterTheEnd) {
      throw new AssertionError("TAIL-8: something was handed over after the end");
    }
  }
}
