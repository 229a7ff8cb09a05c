package ai.starcite.testkit;

import ai.starcite.spi.SegmentStore;
import ai.starcite.store.memory.MemorySegmentStore;

/** The memory store, for several logs at once. */
class SharedMemoryStoreTest extends SessionLogContract {
  @Override
  protected SegmentStore openStore(Namespace namespace) {
    return MemorySegmentStore.openShared();
  }
}
