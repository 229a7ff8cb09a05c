package ai.starcite.testkit;

import ai.starcite.spi.SegmentStore;

/** The store that gets defects in {@link KitSelfTest} is sound without them. */
class SoundStoreTest extends BrokenStoreCase {
  @Override
  protected SegmentStore openStore(Namespace namespace) {
    return new BrokenStore(namespace, StoreDefect.NONE);
  }
}
