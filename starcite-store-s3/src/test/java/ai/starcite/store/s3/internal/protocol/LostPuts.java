package ai.starcite.store.s3.internal.protocol;

import ai.starcite.store.s3.PassingObjects;
import ai.starcite.store.s3.internal.client.ObjectClient;
import ai.starcite.store.s3.internal.client.ObjectException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A client whose puts take effect but are never answered. */
final class LostPuts extends PassingObjects {
  LostPuts(ObjectClient objects) {
    super(objects);
  }

  @Override
  public CompletionStage<Put> putIfAbsent(String key, byte[] bytes) {
    return super.putIfAbsent(key, bytes)
        .thenCompose(
            lost ->
                CompletableFuture.failedFuture(
                    new ObjectException(ObjectException.Kind.UNKNOWN, "lost", null)));
  }
}
