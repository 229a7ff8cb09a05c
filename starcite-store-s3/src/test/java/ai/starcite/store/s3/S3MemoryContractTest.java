package ai.starcite.store.s3;

import ai.starcite.spi.SegmentStore;
import ai.starcite.store.s3.internal.format.Keys;
import ai.starcite.testkit.Namespace;
import ai.starcite.testkit.SessionLogContract;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The contract, on the protocol with objects in memory. */
class S3MemoryContractTest extends SessionLogContract {
  private final Map<String, MemoryObjects> buckets = new ConcurrentHashMap<>();

  @Override
  protected SegmentStore openStore(Namespace namespace) {
    return Stores.open(buckets.computeIfAbsent(namespace.name(), name -> new MemoryObjects()));
  }

  @Override
  protected int compareIds(String a, String b) {
    return Keys.of(a).lives().compareTo(Keys.of(b).lives());
  }

  @Override
  protected void remove(Namespace namespace) {
    buckets.remove(namespace.name());
  }
}
