package ai.starcite.internal.append;

import ai.starcite.AppendResult;
import ai.starcite.SessionLogException;
import ai.starcite.internal.AppendListener;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The future of an asynchronous append. A thread that blocks for it needs no thread of the
 * executor: a callback may block for another append, even if all threads of the executor do.
 * Thread-safe.
 */
public final class AppendFuture<T> extends CompletableFuture<T> {
  private static final Runnable NOTHING = () -> {};

  @SuppressWarnings("rawtypes")
  private static final AtomicReferenceFieldUpdater<AppendFuture, CompletableFuture> GATE =
      AtomicReferenceFieldUpdater.newUpdater(AppendFuture.class, CompletableFuture.class, "gate");

  private final Function<List<AppendResult>, T> result;
  private final Executor executor;
  private volatile Runnable withdraw = NOTHING;
  private volatile @Nullable AppendListener listener;

  /** A list of results or an exception, once the append has ended. */
  private volatile @Nullable Object outcome;

  /** Whether the user has ended the future before the append had. */
  private volatile boolean endsOtherwise;

  /** What threads block for; made by the first of them. */
  private volatile @Nullable CompletableFuture<@Nullable Void> gate;

  /** A future that takes its value out of the results, of an append that is about to be sent. */
  public AppendFuture(Function<List<AppendResult>, T> result) {
    this(result, Runnable::run);
  }

  /** A future that users have before its append is sent: if it cannot be, the executor fails it. */
  public AppendFuture(Function<List<AppendResult>, T> result, Executor executor) {
    this.result = result;
    this.executor = executor;
  }

  /** Sets what hears of the end before anybody else does. */
  public void listener(AppendListener newListener) {
    listener = newListener;
  }

  /** Wakes the threads that block for the future; runs no code of users. */
  void ended(Object newOutcome) {
    outcome = heard(newOutcome);
    openGate();
  }

  private Object heard(Object newOutcome) {
    AppendListener heardFirst = listener;
    if (heardFirst == null) {
      return newOutcome;
    }
    if (newOutcome instanceof SessionLogException failure) {
      return heardFirst.failed(failure);
    }
    heardFirst.stored();
    return newOutcome;
  }

  /** Whether the user has ended the future, and so never learns how the append ended. */
  public boolean isAbandoned() {
    return endsOtherwise;
  }

  /** Completes the future with the outcome that it was told of, which may run the code of users. */
  @SuppressWarnings("unchecked")
  void deliver() {
    Object ended = outcome;
    // Lets go of the op, whose events would otherwise live as long as somebody keeps this.
    withdraw = NOTHING;
    if (endsOtherwise) {
      return;
    }
    if (ended instanceof SessionLogException failure) {
      super.completeExceptionally(failure);
    } else if (ended != null) {
      super.complete(result.apply((List<AppendResult>) ended));
    }
  }

  /** Fails an append that was never sent. */
  public void fail(SessionLogException failure) {
    ended(failure);
    executor.execute(this::deliver);
  }

  /** Sets what withdraws the append when the future is cancelled. */
  public void onCancel(Runnable newWithdraw) {
    withdraw = newWithdraw;
  }

  /**
   * Withdraws the append, which then fails as SessionLogException says; so that the future is never
   * {@code isCancelled}, and this is false.
   */
  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    withdraw.run();
    return false;
  }

  /** Withdraws the append and ends the future otherwise, as {@code orTimeout} does. */
  @Override
  public boolean completeExceptionally(Throwable failure) {
    boolean ended = false;
    try {
      withdrawByUser();
    } finally {
      ended = super.completeExceptionally(failure);
    }
    return ended;
  }

  /** Withdraws the append and ends the future otherwise, as {@code completeOnTimeout} does. */
  @Override
  public boolean complete(T value) {
    boolean ended = false;
    try {
      withdrawByUser();
    } finally {
      ended = super.complete(value);
    }
    return ended;
  }

  /** First, so that the append is withdrawn when the end of the future is seen. */
  private void withdrawByUser() {
    if (!isDone() && outcome == null) {
      endsOtherwise = true;
      withdraw.run();
      openGate();
    }
  }

  private void openGate() {
    CompletableFuture<@Nullable Void> waitedFor = gate;
    if (waitedFor != null) {
      waitedFor.complete(null);
    }
  }

  private CompletableFuture<@Nullable Void> gate() {
    if (gate == null) {
      GATE.compareAndSet(this, null, new CompletableFuture<Void>());
    }
    CompletableFuture<@Nullable Void> waitedFor = gate;
    if (outcome != null || isDone()) {
      waitedFor.complete(null);
    }
    return waitedFor;
  }

  @Override
  public T join() {
    if (!isDone()) {
      gate().join();
      deliver();
    }
    return super.join();
  }

  @Override
  public T get() throws InterruptedException, ExecutionException {
    if (!isDone()) {
      gate().get();
      deliver();
    }
    return super.get();
  }

  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    if (!isDone()) {
      gate().get(timeout, unit);
      deliver();
    }
    return super.get();
  }

  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    return new CompletableFuture<>();
  }
}
