package ai.starcite.linearizability;

import ai.starcite.SessionLog;
import ai.starcite.store.memory.MemorySegmentStore;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Two logs over one store in memory, as two processes. */
class SharedLinearizabilityTest {
  private static List<SessionLog> logs;

  @BeforeAll
  static void open() {
    MemorySegmentStore store = MemorySegmentStore.openShared();
    logs = List.of(SessionLog.open(store), SessionLog.open(store));
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
  @DisplayName("SHR-2, SES-7, SES-8: concurrent calls are answered as if one by one")
  void asIfOneByOne() {
    LogCalls.check(Calls.class);
  }
}
