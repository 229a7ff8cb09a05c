package ai.starcite.store.s3;

import ai.starcite.SessionLog;
import ai.starcite.linearizability.LogCalls;
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

  /** Calls of the session. */
  public static final class Calls extends LogCalls {
    /** Lincheck makes one for each round. */
    public Calls() {
      super(logs);
    }
  }

  @Test
  @DisplayName("SHR-2, SES-7, SES-8: concurrent calls are answered as if one by one")
  void concurrentCallsAreLinearizable() {
    LogCalls.check(Calls.class);
  }
}
