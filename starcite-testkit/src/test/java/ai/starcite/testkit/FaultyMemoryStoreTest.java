package ai.starcite.testkit;

import ai.starcite.spi.SegmentStore;
import ai.starcite.store.memory.MemorySegmentStore;
import ai.starcite.testkit.Faults.Kind;
import org.junit.jupiter.api.AfterAll;

/** The contract, over a store with faults that a log must hide from its callers. */
class FaultyMemoryStoreTest extends SessionLogContract {
  private static final FaultyStores STORES = new FaultyStores();

  @AfterAll
  static void thereWereFaults() {
    STORES.assertOccurred(
        Kind.LOST_WRITE,
        Kind.LOST_ANSWER,
        Kind.LATE_WRITE,
        Kind.DOUBLE_WRITE,
        Kind.DELAYED_ANSWER,
        Kind.REORDERED_ANSWER,
        Kind.SHORT_READ);
  }

  @Override
  protected SegmentStore openStore(Namespace namespace) {
    return STORES.wrap(MemorySegmentStore.open());
  }
}
