package ai.starcite.store.rocksdb;

import ai.starcite.spi.SegmentStore;
import ai.starcite.testkit.Namespace;
import ai.starcite.testkit.SessionLogContract;

/** The RocksDB store keeps the contract. */
class RocksDbStoreTest extends SessionLogContract {
  @Override
  protected SegmentStore openStore(Namespace namespace) {
    return RocksDbSegmentStore.open(namespace.directory().resolve("store"));
  }

  /** Goes on with the files as they are, since the running store holds their lock. */
  @Override
  protected SegmentStore crash(SegmentStore running, Namespace namespace) {
    namespace.continueOnCopy();
    return openStore(namespace);
  }
}
