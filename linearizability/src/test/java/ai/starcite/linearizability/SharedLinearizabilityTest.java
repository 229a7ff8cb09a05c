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

  /** Calls that end the session's life and begin another one. */
  public static final class Lives extends LifeCalls {
    /** Lincheck makes one for each round. */
    public Lives() {
      super(logs);
    }
  }

  /** Calls that seal the session. */
  public static final class Seals extends SealCalls {
    /** Lincheck makes one for each round. */
    public Seals() {
      super(logs);
    }
  }

  @Test
  @DisplayName("SHR-2, SES-7: concurrent calls, deletions too, are answered as if one by one")
  void deleted() {
    LogCalls.check(Lives.class);
  }

  @Test
  @DisplayName("SHR-2, SES-8: concurrent calls, seals too, are answered as if one by one")
  void sealed() {
    LogCalls.check(Seals.class);
  }
}
