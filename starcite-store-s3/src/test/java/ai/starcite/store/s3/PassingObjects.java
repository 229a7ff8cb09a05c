package ai.starcite.store.s3;

import ai.starcite.store.s3.internal.client.ObjectClient;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Passes on all requests; tests override some of them. */
public class PassingObjects implements ObjectClient {
  private final ObjectClient objects;

  public PassingObjects(ObjectClient objects) {
    this.objects = objects;
  }

  @Override
  public CompletionStage<Put> putIfAbsent(String key, byte[] bytes) {
    return objects.putIfAbsent(key, bytes);
  }

  @Override
  public CompletionStage<Got> get(String key) {
    return objects.get(key);
  }

  @Override
  public CompletionStage<Listed> list(String prefix, String after, int limit) {
    return objects.list(prefix, after, limit);
  }

  @Override
  public CompletionStage<Void> delete(List<String> keys) {
    return objects.delete(keys);
  }

  @Override
  public void close() {
    objects.close();
  }
}
