package ai.starcite.testkit;

import ai.starcite.spi.SegmentStore;
import ai.starcite.store.memory.MemorySegmentStore;
import ai.starcite.testkit.Faults.Kind;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract, over a shared store with faults that a log must hide from its callers. */
class FaultySharedStoreTest extends SessionLogContract {
  private static FaultyStores stores;

  @BeforeAll
  static void drawSeed() {
    stores = new FaultyStores();
  }

  @AfterAll
  static void thereWereFaults() {
    stores.assertOccurred(
        Kind.LOST_WRITE,
        Kind.LOST_ANSWER,
        Kind.LATE_WRITE,
        Kind.DOUBLE_WRITE,
        Kind.DELAYED_ANSWER,
        Kind.REORDERED_ANSWER,
        Kind.SHORT_READ,
        Kind.LOST_HINT);
  }

  @Override
  protected SegmentStore openStore(Namespace namespace) {
    return stores.wrap(MemorySegmentStore.openShared());
  }

  @Override
  boolean faulty() {
    return true;
  }
}
