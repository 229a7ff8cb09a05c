package ai.starcite.store.s3;

import ai.starcite.spi.SegmentStore;
import ai.starcite.store.s3.internal.format.Keys;
import ai.starcite.testkit.Namespace;
import ai.starcite.testkit.SessionLogContract;

/**
 * The contract, on the S3 store with the server of the tests. Stores share a client, because the
 * kit opens hundreds of them.
 */
class S3ProxyStoreTest extends SessionLogContract {
  @Override
  protected SegmentStore openStore(Namespace namespace) {
    return TestBucket.sharing(namespace.name()).skipProbe().open();
  }

  @Override
  protected int compareIds(String a, String b) {
    return Keys.of(a).lives().compareTo(Keys.of(b).lives());
  }

  @Override
  protected void remove(Namespace namespace) {
    TestBucket.empty(namespace.name());
  }
}
