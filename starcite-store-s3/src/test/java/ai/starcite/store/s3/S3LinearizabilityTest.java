package ai.starcite.store.s3;

import ai.starcite.SessionLog;
import ai.starcite.linearizability.LifeCalls;
import ai.starcite.linearizability.LogCalls;
import ai.starcite.linearizability.SealCalls;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two stores over the same objects, as two processes. */
@Tag("lincheck")
class S3LinearizabilityTest {
  private static List<SessionLog> logs;

  @BeforeAll
  static void open() {
    MemoryObjects objects = new MemoryObjects();
    logs = List.of(SessionLog.open(Stores.open(objects)), SessionLog.open(Stores.open(objects)));
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
