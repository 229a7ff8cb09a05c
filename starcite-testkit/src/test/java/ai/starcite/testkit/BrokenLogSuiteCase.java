package ai.starcite.testkit;

import ai.starcite.SessionLog;
import ai.starcite.spi.SegmentStore;
import ai.starcite.store.memory.MemorySegmentStore;
import ai.starcite.testkit.contract.LogSuite;

/** The clauses of a log, through one with a defect; only {@link KitSelfTest} runs it. */
class BrokenLogSuiteCase extends LogSuite {
  @Override
  protected SegmentStore openStore() {
    return MemorySegmentStore.open();
  }

  @Override
  protected SessionLog wrap(SessionLog log) {
    return new BrokenLog(log, BrokenLogCase.defect);
  }
}
