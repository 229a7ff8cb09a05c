package ai.starcite.store.s3;

import ai.starcite.store.s3.internal.client.ObjectClient;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;

/** Counts the requests that pass through to another client. */
final class CountedObjectClient implements ObjectClient {
  private final ObjectClient client;
  private final LongAdder puts = new LongAdder();
  private final LongAdder gets = new LongAdder();
  private final LongAdder lists = new LongAdder();
  private final LongAdder deletes = new LongAdder();
  private final LongAdder unanswered = new LongAdder();
  private final LongAdder bytesWritten = new LongAdder();
  private final LongAdder bytesRead = new LongAdder();

  CountedObjectClient(ObjectClient client) {
    this.client = client;
  }

  S3Requests counts() {
    return new S3Requests(
        puts.sum(),
        gets.sum(),
        lists.sum(),
        deletes.sum(),
        unanswered.sum(),
        bytesWritten.sum(),
        bytesRead.sum());
  }

  @Override
  public CompletionStage<Put> putIfAbsent(String key, byte[] bytes) {
    puts.increment();
    bytesWritten.add(bytes.length);
    return watched(client.putIfAbsent(key, bytes));
  }

  @Override
  public CompletionStage<Got> get(String key) {
    gets.increment();
    CompletionStage<Got> answer = watched(client.get(key));
    answer.thenAccept(got -> bytesRead.add(got.bytes() == null ? 0 : got.bytes().length));
    return answer;
  }

  @Override
  public CompletionStage<Listed> list(String prefix, String after, int limit) {
    lists.increment();
    return watched(client.list(prefix, after, limit));
  }

  @Override
  public CompletionStage<Void> delete(List<String> keys) {
    deletes.add(keys.size());
    return watched(client.delete(keys));
  }

  /** Returns the same stage: one that depends on it would fail with a wrapped exception. */
  private <T> CompletionStage<T> watched(CompletionStage<T> answer) {
    answer.exceptionally(
        failure -> {
          unanswered.increment();
          return null;
        });
    return answer;
  }

  @Override
  public void close() {
    client.close();
  }
}
