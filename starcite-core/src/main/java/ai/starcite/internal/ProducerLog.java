package ai.starcite.internal;

import ai.starcite.AppendOptions;
import ai.starcite.AppendResult;
import ai.starcite.NewEvent;
import ai.starcite.SessionLogException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.LongPredicate;

/** What a producer needs of its log to append without blocking a thread. Thread-safe. */
public interface ProducerLog {
  /** An append whose future its caller has, sent or not. */
  interface Pending<T> {
    /** Returns the future. */
    CompletableFuture<T> future();

    /** Sets what is done if the caller ends the future before the append is sent. */
    void onCancel(Runnable withdraw);

    /** Whether the caller has ended the future, and so never learns how the append ended. */
    boolean isAbandoned();

    /**
     * Sends the append.
     *
     * @throws SessionLogException if it cannot be sent; then the listener is not called
     */
    void send(List<NewEvent> events, AppendOptions options, AppendListener listener);

    /** Fails an append that is not sent. */
    void fail(SessionLogException failure);
  }

  /** An append that is to be sent later. */
  <T> Pending<T> pending(Function<List<AppendResult>, T> result);

  /** The last number of the producer, 0 for none, once all that was sent before is decided. */
  CompletableFuture<Long> lastNumber(AppendOptions options);

  /** Tells the time, as {@link System#nanoTime}. */
  long nanoTime();

  /** Calls a predicate with the time now and then, until it is false. */
  void watch(LongPredicate expire);

  /** Runs what must not wait and runs no code of users. */
  Executor waker();
}
