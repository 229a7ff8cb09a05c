package ai.starcite.testkit;

import ai.starcite.spi.SegmentStore;
import ai.starcite.store.memory.MemorySegmentStore;
import ai.starcite.testkit.contract.LogSuite;

/** A log over a store with faults, which it must hide from its callers. */
class FaultyMemoryLogTest extends LogSuite {
  private static final FaultyStores STORES = new FaultyStores();

  @Override
  protected SegmentStore openStore() {
    return STORES.wrap(MemorySegmentStore.open());
  }
}
