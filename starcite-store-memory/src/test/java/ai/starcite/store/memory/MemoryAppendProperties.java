package ai.starcite.store.memory;

import ai.starcite.contract.AppendProperties;
import ai.starcite.contract.AppendScript.Step;
import ai.starcite.spi.SegmentStore;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Appending to the memory store, as the model does. */
class MemoryAppendProperties extends AppendProperties {
  private MemorySegmentStore store = MemorySegmentStore.open();

  @Property(tries = 500, shrinking = ShrinkingMode.BOUNDED)
  @Label("APP-3 to APP-6: every sequence of calls has the results that the contract says")
  void asTheModel(@ForAll("scripts") List<Step> script) {
    check(script);
  }

  @Property(tries = 200, shrinking = ShrinkingMode.BOUNDED)
  @Label("SHR-2, APP-3 to APP-6: the same on a shared store")
  void sharedAsTheModel(@ForAll("scripts") List<Step> script) {
    store = MemorySegmentStore.openShared();
    check(script);
  }

  @Override
  protected SegmentStore openStore() {
    return store;
  }

  @Override
  protected boolean closesStore() {
    return false;
  }
}
