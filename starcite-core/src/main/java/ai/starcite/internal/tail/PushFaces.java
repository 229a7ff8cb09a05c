package ai.starcite.internal.tail;

import ai.starcite.Event;
import ai.starcite.SessionLogException;
import ai.starcite.TailEnd;
import ai.starcite.TailListener;
import ai.starcite.TailOptions;
import ai.starcite.TailSubscription;
import ai.starcite.internal.store.StoreFailures;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** Starts the tails that push: to listeners and to subscribers. Thread-safe. */
public final class PushFaces {
  private final Executor executor;
  private final BiConsumer<String, TailEnd> onEnd;

  /**
   * The faces of a log.
   *
   * @param executor the log's, which takes whatever it is given
   * @param onEnd is told of each tail's session and end
   */
  public PushFaces(Executor executor, BiConsumer<String, TailEnd> onEnd) {
    this.executor = executor;
    this.onEnd = onEnd;
  }

  /** Hands all events to a listener. */
  public TailSubscription subscribe(
      OpenedTail opened, TailOptions options, TailListener listener, Executor listenerExecutor) {
    return start(opened, options, new ListenerSink(listener), listenerExecutor);
  }

  /** Hands what is demanded to a subscriber, once the tail is open. */
  public void subscribe(
      Flow.Subscriber<? super Event> subscriber,
      TailOptions options,
      Supplier<CompletableFuture<OpenedTail>> open) {
    CompletableFuture<OpenedTail> opening;
    try {
      opening = open.get();
    } catch (RuntimeException | Error e) {
      opening = CompletableFuture.failedFuture(e);
    }
    opening.whenComplete(
        (opened, failure) -> {
          if (failure != null) {
            refuse(subscriber, StoreFailures.of(failure));
            return;
          }
          try {
            start(opened, options, new SubscriberSink(subscriber), executor);
          } catch (RuntimeException | Error e) {
            opened.release();
            refuse(subscriber, StoreFailures.of(e));
          }
        });
  }

  private PushTail start(OpenedTail opened, TailOptions options, Sink sink, Executor sinkExecutor) {
    String sessionId = opened.head().key().id();
    return new PushTail(
            opened, options, sink, sinkExecutor, executor, end -> onEnd.accept(sessionId, end))
        .start();
  }

  private void refuse(Flow.Subscriber<? super Event> subscriber, SessionLogException failure) {
    executor.execute(
        () -> {
          subscriber.onSubscribe(NothingToCome.INSTANCE);
          subscriber.onError(failure);
        });
  }

  /** What a subscriber is given that will only be told of a failure. */
  private enum NothingToCome implements Flow.Subscription {
    INSTANCE;

    @Override
    public void request(long events) {}

    @Override
    public void cancel() {}
  }
}
