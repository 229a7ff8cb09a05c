package ai.starcite.store.s3;

import ai.starcite.store.s3.internal.client.ObjectClient;
import ai.starcite.store.s3.internal.client.ObjectException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Objects in a map, with a clock that can be moved. Counts its requests. Thread-safe. */
public final class MemoryObjects {
  private final ConcurrentSkipListMap<String, Stored> objects = new ConcurrentSkipListMap<>();
  private final Map<String, AtomicInteger> requests = new ConcurrentHashMap<>();
  private volatile Duration ahead = Duration.ZERO;

  private record Stored(byte[] bytes, Instant modified) {}

  /** Returns a client, which can be closed. */
  public ObjectClient client() {
    return new Client();
  }

  /** Advances the server's clock. */
  public void pass(Duration time) {
    ahead = ahead.plus(time);
  }

  Instant now() {
    return Instant.now().plus(ahead);
  }

  /** Returns the keys that begin with a prefix. */
  public List<String> keys(String prefix) {
    return objects.tailMap(prefix, true).keySet().stream()
        .takeWhile(key -> key.startsWith(prefix))
        .toList();
  }

  public void put(String key, byte[] bytes) {
    objects.put(key, new Stored(bytes, now()));
  }

  public void remove(String key) {
    objects.remove(key);
  }

  public byte[] bytes(String key) {
    return objects.get(key).bytes;
  }

  /** Returns how many requests of a kind there were since the last call: put, get, list, delete. */
  public int requests(String kind) {
    return requests.computeIfAbsent(kind, any -> new AtomicInteger()).getAndSet(0);
  }

  /** Returns how many requests there were since the last call. */
  public int requests() {
    return requests.keySet().stream().mapToInt(this::requests).sum();
  }

  private void count(String kind) {
    requests.computeIfAbsent(kind, any -> new AtomicInteger()).incrementAndGet();
  }

  private final class Client implements ObjectClient {
    private volatile boolean closed;

    private <T> CompletionStage<T> answer(String kind, T answer) {
      count(kind);
      return closed
          ? CompletableFuture.failedFuture(
              new ObjectException(ObjectException.Kind.UNKNOWN, "closed", null))
          : CompletableFuture.completedFuture(answer);
    }

    @Override
    public CompletionStage<Put> putIfAbsent(String key, byte[] bytes) {
      boolean stored = objects.putIfAbsent(key, new Stored(bytes, now())) == null;
      return answer("put", new Put(stored, now()));
    }

    @Override
    public CompletionStage<Got> get(String key) {
      Stored stored = objects.get(key);
      return answer("get", new Got(stored == null ? null : stored.bytes, now()));
    }

    @Override
    public CompletionStage<Listed> list(String prefix, String after, int limit) {
      List<Listing> found = new ArrayList<>();
      String from = prefix.compareTo(after) > 0 ? prefix : after;
      boolean more = false;
      for (Map.Entry<String, Stored> each : objects.tailMap(from, true).entrySet()) {
        String key = each.getKey();
        if (!key.startsWith(prefix)) {
          break;
        }
        if (key.equals(after)) {
          continue;
        }
        if (found.size() == limit) {
          more = true;
          break;
        }
        Stored stored = each.getValue();
        found.add(new Listing(key, stored.bytes.length, stored.modified));
      }
      return answer("list", new Listed(found, more, now()));
    }

    @Override
    public CompletionStage<Void> delete(List<String> keys) {
      keys.forEach(objects::remove);
      return answer("delete", null);
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
