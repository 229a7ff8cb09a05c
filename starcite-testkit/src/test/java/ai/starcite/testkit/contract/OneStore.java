package ai.starcite.testkit.contract;

import ai.starcite.SessionLog;
import ai.starcite.SessionLogBuilder;
import ai.starcite.spi.SegmentStore;
import ai.starcite.testkit.FaultInjectingStore;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Assumptions;

/** A store in memory, which stays open as long as its test runs. */
public final class OneStore implements StoresOfTest {
  private final SegmentStore store;
  private final UnaryOperator<SessionLog> wrapper;

  /** Takes a store, and what is put around each log over it. */
  public OneStore(SegmentStore store, UnaryOperator<SessionLog> wrapper) {
    this.store = store;
    this.wrapper = wrapper;
  }

  @Override
  public SegmentStore open() {
    return store;
  }

  @Override
  public SessionLog openLog(SessionLogBuilder settings) {
    return wrapper.apply(settings.open());
  }

  @Override
  public SegmentStore crash() {
    throw new IllegalStateException("a store in memory does not survive a crash");
  }

  @Override
  public boolean outlivesClose() {
    return false;
  }

  @Override
  public boolean injectsFaults() {
    return store instanceof FaultInjectingStore;
  }

  @Override
  public void requireReopen() {
    Assumptions.abort("a store in memory keeps nothing when it is closed");
  }

  @Override
  public void requireCrash() {
    requireReopen();
  }

  @Override
  public void requireShared() {
    Assumptions.assumeTrue(store.capabilities().shared(), "the store is not shared");
  }

  @Override
  public int compareIds(String a, String b) {
    return a.compareTo(b);
  }

  @Override
  public void close() {
    store.close();
  }
}
