package ai.starcite.testkit;

import ai.starcite.SessionLog;
import ai.starcite.SessionLogBuilder;
import ai.starcite.spi.SegmentStore;
import ai.starcite.store.memory.MemorySegmentStore;

/** The contract through a log with a defect; only {@link KitSelfTest} runs it, to see it fail. */
class BrokenLogCase extends SessionLogContract {
  /** The defect of the logs to come. */
  static volatile LogDefect defect = LogDefect.NONE;

  @Override
  protected SegmentStore openStore(Namespace namespace) {
    return MemorySegmentStore.open();
  }

  @Override
  SessionLog openLog(SessionLogBuilder settings) {
    return new BrokenLog(settings.open(), defect);
  }
}
