package ai.starcite.store.s3.internal.protocol;

import ai.starcite.store.s3.PassingObjects;
import ai.starcite.store.s3.internal.client.ObjectClient;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Holds requests for some keys until it is told to send them. For one thread. */
final class HeldObjects extends PassingObjects {
  private final Deque<Runnable> held = new ArrayDeque<>();
  private Predicate<String> holds = key -> false;

  HeldObjects(ObjectClient objects) {
    super(objects);
  }

  /** Holds puts and gets from now on. */
  void hold(Predicate<String> keys) {
    holds = keys;
  }

  /** Returns how many are held. */
  int held() {
    return held.size();
  }

  /** Sends the one that was held for longest. */
  void send() {
    held.remove().run();
  }

  private <T> CompletionStage<T> passOn(String key, Supplier<CompletionStage<T>> request) {
    if (!holds.test(key)) {
      return request.get();
    }
    CompletableFuture<T> answer = new CompletableFuture<>();
    held.add(() -> request.get().thenAccept(answer::complete));
    return answer;
  }

  @Override
  public CompletionStage<Put> putIfAbsent(String key, byte[] bytes) {
    return passOn(key, () -> super.putIfAbsent(key, bytes));
  }

  @Override
  public CompletionStage<Got> get(String key) {
    return passOn(key, () -> super.get(key));
  }
}
