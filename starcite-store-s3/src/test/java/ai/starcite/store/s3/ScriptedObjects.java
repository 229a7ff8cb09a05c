package ai.starcite.store.s3;

import ai.starcite.store.s3.internal.client.ObjectClient;
import ai.starcite.store.s3.internal.client.ObjectException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** A client whose next requests fail as the test says, before or after they take effect. */
public final class ScriptedObjects implements ObjectClient {
  private final ObjectClient objects;
  private final Queue<Fault> faults = new ArrayDeque<>();

  private record Fault(ObjectException.Kind kind, boolean applied) {}

  public ScriptedObjects(ObjectClient objects) {
    this.objects = objects;
  }

  public void lose() {
    faults.add(new Fault(ObjectException.Kind.UNKNOWN, false));
  }

  public void loseAnswer() {
    faults.add(new Fault(ObjectException.Kind.UNKNOWN, true));
  }

  public void refuse() {
    faults.add(new Fault(ObjectException.Kind.REFUSED, false));
  }

  private <T> CompletionStage<T> send(Supplier<CompletionStage<T>> request) {
    Fault fault = faults.poll();
    if (fault == null) {
      return request.get();
    }
    if (fault.applied) {
      request.get().toCompletableFuture().join();
    }
    return CompletableFuture.failedFuture(new ObjectException(fault.kind, "scripted", null));
  }

  @Override
  public CompletionStage<Put> putIfAbsent(String key, byte[] bytes) {
    return send(() -> objects.putIfAbsent(key, bytes));
  }

  @Override
  public CompletionStage<Got> get(String key) {
    return send(() -> objects.get(key));
  }

  @Override
  public CompletionStage<Listed> list(String prefix, String after, int limit) {
    return send(() -> objects.list(prefix, after, limit));
  }

  @Override
  public CompletionStage<Void> delete(List<String> keys) {
    return send(() -> objects.delete(keys));
  }

  @Override
  public void close() {
    objects.close();
  }
}
