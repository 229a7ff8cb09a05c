package ai.starcite.internal.append;

import ai.starcite.AppendResult;
import ai.starcite.SessionLogException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What an asynchronous append completes: a future of one result or of several. */
interface AppendFuture {
  void succeed(List<AppendResult> results);

  void fail(SessionLogException failure);

  /** Sets what withdraws the append when the future is cancelled. */
  void onCancel(Runnable withdraw);

  /** The future of a batch, or of a single event. */
  final class Of<T> extends CompletableFuture<T> implements AppendFuture {
    private static final Runnable NOTHING = () -> {};

    private final java.util.function.Function<List<AppendResult>, T> result;
    private volatile Runnable withdraw = NOTHING;

    Of(java.util.function.Function<List<AppendResult>, T> result) {
      this.result = result;
    }

    @Override
    public void succeed(List<AppendResult> results) {
      end();
      complete(result.apply(results));
    }

    @Override
    public void fail(SessionLogException failure) {
      end();
      completeExceptionally(failure);
    }

    /** Lets go of the op, whose events would otherwise live as long as somebody keeps this. */
    private void end() {
      withdraw = NOTHING;
    }

    @Override
    public void onCancel(Runnable newWithdraw) {
      withdraw = newWithdraw;
    }

    /**
     * Withdraws the append, which then fails as SessionLogException says; so that the future is
     * never {@code isCancelled}, and this is false.
     */
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
      withdraw.run();
      return false;
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
      return new CompletableFuture<>();
    }
  }
}
