package ai.starcite.testkit;

import ai.starcite.spi.SegmentStore;
import ai.starcite.store.memory.MemorySegmentStore;

/** The memory store, for one log at a time. */
class MemoryStoreTest extends SessionLogContract {
  @Override
  protected SegmentStore openStore(Namespace namespace) {
    return MemorySegmentStore.open();
  }
}
