package ai.starcite.testkit.contract;

import ai.starcite.SessionLog;
import ai.starcite.SessionLogBuilder;
import ai.starcite.SessionLogException.Code;
import ai.starcite.spi.SegmentStore;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/**
 * What every test of the kit has: the stores of its own. A test that hangs fails, even if what
 * hangs does not heed interrupts.
 */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
public abstract class StoreFixture {
  private @Nullable StoresOfTest stores;

  /** For the clauses of this package. */
  StoreFixture() {}

  /**
   * Gives a test its stores, before it starts.
   *
   * @param ofTest the stores, which are closed when the test is over
   */
  public final void bind(StoresOfTest ofTest) {
    stores = ofTest;
  }

  /** Opens a log. */
  final SessionLog openLog(SessionLogBuilder settings) {
    return stores == null ? settings.open() : stores.openLog(settings);
  }

  /** Opens a store: empty the first time, and then with what this test has stored so far. */
  SegmentStore openStore() {
    return stores.open();
  }

  /** Whether what is stored outlives the closing of the store. */
  boolean outlivesClose() {
    return stores != null && stores.outlivesClose();
  }

  /** Ends the store that was opened last, as a crash would, and opens one on what that leaves. */
  final SegmentStore crash() {
    return stores.crash();
  }

  /** The order in which the store lists ids. */
  final int compareIds(String a, String b) {
    return stores.compareIds(a, b);
  }

  /** The stores of this test. */
  final StoresOfTest stores() {
    return stores;
  }

  /** The codes with which a call may fail that has to fail with one: with faults, unknown too. */
  final Set<Code> orUnknown(Code definite) {
    return injectsFaults() ? EnumSet.of(definite, Code.OUTCOME_UNKNOWN) : EnumSet.of(definite);
  }

  /** Skips the test, with the reason, if the store injects faults. */
  final void requireNoFaults(String why) {
    Assumptions.assumeFalse(injectsFaults(), "skipped, since faults are injected: " + why);
  }

  private boolean injectsFaults() {
    return stores != null && stores.injectsFaults();
  }

  @AfterEach
  final void removeStores() {
    if (stores != null) {
      stores.close();
    }
  }
}
