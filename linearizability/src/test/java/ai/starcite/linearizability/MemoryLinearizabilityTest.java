package ai.starcite.linearizability;

import ai.starcite.SessionLog;
import ai.starcite.store.memory.MemorySegmentStore;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** One log over a store in memory. */
class MemoryLinearizabilityTest {
  private static List<SessionLog> logs;

  @BeforeAll
  static void open() {
    logs = List.of(SessionLog.open(MemorySegmentStore.open()));
  }

  @AfterAll
  static void close() {
    logs.forEach(SessionLog::close);
  }

  /** Calls of the session. */
  public static final class Calls extends LogCalls {
    /** Lincheck makes one for each round. */
    public Calls() {
      super(logs);
    }
  }

  @Test
  @DisplayName("APP-2, SES-7, SES-8: concurrent calls are answered as if one by one")
  void asIfOneByOne() {
    LogCalls.check(Calls.class);
  }
}
