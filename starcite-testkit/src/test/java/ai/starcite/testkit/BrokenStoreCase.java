package ai.starcite.testkit;

import ai.starcite.spi.SegmentStore;

/** The contract over a store with a defect; only {@link KitSelfTest} runs it, to see it fail. */
class BrokenStoreCase extends SessionLogContract {
  /** The defect of the stores to come. */
  static volatile StoreDefect defect = StoreDefect.NONE;

  @Override
  protected SegmentStore openStore(Namespace namespace) {
    return new BrokenStore(namespace, defect);
  }

  @Override
  protected SegmentStore crash(SegmentStore running, Namespace namespace) {
    ((BrokenStore) running).crash();
    return openStore(namespace);
  }

  @Override
  protected void remove(Namespace namespace) {
    BrokenDisk.remove(namespace);
  }
}
