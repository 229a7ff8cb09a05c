package ai.starcite.testkit;

import ai.starcite.spi.SegmentStore;
import ai.starcite.store.memory.MemorySegmentStore;
import ai.starcite.testkit.contract.LogSuite;

/** A log over the memory store, which others may write to. */
class SharedMemoryLogTest extends LogSuite {
  @Override
  protected SegmentStore openStore() {
    return MemorySegmentStore.openShared();
  }
}
