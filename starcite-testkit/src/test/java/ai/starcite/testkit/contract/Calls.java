package ai.starcite.testkit.contract;

import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The calls of one operation of a store: they pass, or wait for the test. */
final class Calls<T> {
  private final BlockingQueue<Call<T>> held = new LinkedBlockingQueue<>();
  private final Queue<Call<T>> taken = new ConcurrentLinkedQueue<>();
  private volatile boolean holding;

  /** One call that waits for the test. */
  static final class Call<T> {
    private final Supplier<CompletionStage<T>> operation;
    private final CompletableFuture<T> answer = new CompletableFuture<>();

    Call(Supplier<CompletionStage<T>> operation) {
      this.operation = operation;
    }

    /** Does it, and answers. */
    void pass() {
      answer.complete(apply());
    }

    /** Does it, and does not answer. */
    T apply() {
      return operation.get().toCompletableFuture().join();
    }

    /** Answers without doing it. */
    void answer(T outcome) {
      answer.complete(outcome);
    }

    /** Fails without doing it. */
    void fail(Throwable failure) {
      answer.completeExceptionally(failure);
    }
  }

  /** Holds the calls from now on. */
  void hold() {
    holding = true;
  }

  /** Lets all calls pass, those first that were held and are not answered yet. */
  void release() {
    holding = false;
    taken.stream().filter(call -> !call.answer.isDone()).forEach(Call::pass);
    taken.clear();
    for (Call<T> call = held.poll(); call != null; call = held.poll()) {
      call.pass();
    }
  }

  /** Takes the next held call; waits for it. */
  Call<T> next() {
    try {
      Call<T> call = held.poll(30, TimeUnit.SECONDS);
      if (call == null) {
        throw new AssertionError("the log did not call the store");
      }
      taken.add(call);
      return call;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Whether no call waits that was not taken. */
  boolean isEmpty() {
    return held.isEmpty();
  }

  CompletionStage<T> pass(Supplier<CompletionStage<T>> operation) {
    if (!holding) {
      return operation.get();
    }
    Call<T> call = new Call<>(operation);
    held.add(call);
    return call.answer;
  }
}
