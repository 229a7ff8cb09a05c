package ai.starcite.testkit;

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
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What every test of the kit has: the stores of its own. A test that hangs fails, even if what
 * hangs does not heed interrupts.
 */
@ExtendWith(Binding.class)
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
abstract class StoreFixture {
  private @Nullable SegmentStoreContract contract;
  private @Nullable TestBed bed;

  final void bind(SegmentStoreContract newContract) {
    contract = newContract;
    bed = new TestBed(newContract);
  }

  /** Opens a log. */
  final SessionLog openLog(SessionLogBuilder settings) {
    return contract == null ? settings.open() : contract.openLog(settings);
  }

  /** Opens a store: empty the first time, and then with what this test has stored so far. */
  protected SegmentStore openStore() {
    return bed.open();
  }

  /** Whether what is stored outlives the closing of the store. */
  protected boolean outlivesClose() {
    return bed != null && bed.outlivesClose();
  }

  /** Ends the store that was opened last, as a crash would, and opens one on what that leaves. */
  final SegmentStore crash() {
    return bed.crash();
  }

  /** The order in which the store lists ids. */
  final int compareIds(String a, String b) {
    return contract.compareIds(a, b);
  }

  /** Skips the test, with the reason, if the store lacks a capability. */
  final void require(Capability capability) {
    bed.require(capability);
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
    return bed != null && bed.injectsFaults();
  }

  @AfterEach
  final void removeStores() {
    if (bed != null) {
      bed.close();
    }
  }
}
