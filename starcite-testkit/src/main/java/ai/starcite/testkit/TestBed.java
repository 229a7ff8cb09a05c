package ai.starcite.testkit;

import ai.starcite.SessionLog;
import ai.starcite.SessionLogBuilder;
import ai.starcite.spi.SegmentStore;
import ai.starcite.spi.StoreCapabilities;
import ai.starcite.spi.StoreCapabilities.Durability;
import ai.starcite.testkit.contract.StoresOfTest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * The stores of one test: opened on one namespace, closed and opened again, crashed, and removed at
 * the end. A store that keeps nothing when it is closed is opened once and stays open. Thread-safe.
 */
final class TestBed implements StoresOfTest {
  private final SegmentStoreContract contract;
  private final Namespace namespace = new Namespace();
  private final List<SegmentStore> opened = new ArrayList<>();
  private @Nullable SegmentStore latest;

  /** Whether the latest store was opened to be asked what it is like, and not handed out yet. */
  private boolean onlyLookedAt;

  TestBed(SegmentStoreContract contract) {
    this.contract = contract;
  }

  @Override
  public synchronized SegmentStore open() {
    if (onlyLookedAt) {
      onlyLookedAt = false;
    } else if (latest == null || outlivesClose()) {
      return use(contract.openStore(namespace));
    }
    return latest();
  }

  @Override
  public synchronized SegmentStore crash() {
    SegmentStore running = latest();
    onlyLookedAt = false;
    return use(contract.crash(running, namespace));
  }

  private SegmentStore use(SegmentStore store) {
    latest = store;
    opened.add(store);
    return store;
  }

  private SegmentStore latest() {
    SegmentStore known = latest;
    if (known != null) {
      return known;
    }
    onlyLookedAt = true;
    return use(contract.openStore(namespace));
  }

  @Override
  public SessionLog openLog(SessionLogBuilder settings) {
    return contract.openLog(settings);
  }

  @Override
  public int compareIds(String a, String b) {
    return contract.compareIds(a, b);
  }

  @Override
  public synchronized boolean outlivesClose() {
    return latest().capabilities().durability() != Durability.NONE;
  }

  @Override
  public synchronized boolean injectsFaults() {
    return contract.faulty() || latest() instanceof FaultInjectingStore;
  }

  /** Whether the store has a capability. */
  synchronized boolean has(Capability capability) {
    return contract.capabilities(latest().capabilities()).contains(capability);
  }

  @Override
  public void requireReopen() {
    require(Capability.REOPEN);
  }

  @Override
  public void requireCrash() {
    require(Capability.CRASH);
  }

  @Override
  public void requireShared() {
    require(Capability.SHARED);
  }

  private synchronized void require(Capability capability) {
    StoreCapabilities declared = latest().capabilities();
    Assumptions.assumeTrue(
        has(capability),
        "skipped, since the store lacks the capability %s: its durability is %s, it is %s, and the test class expects %s of it"
            .formatted(
                capability,
                declared.durability(),
                declared.shared() ? "shared" : "not shared",
                contract.capabilities(declared)));
  }

  @Override
  public synchronized void close() {
    opened.forEach(SegmentStore::close);
    opened.clear();
    latest = null;
    onlyLookedAt = false;
    contract.remove(namespace);
    namespace.remove();
  }
}
