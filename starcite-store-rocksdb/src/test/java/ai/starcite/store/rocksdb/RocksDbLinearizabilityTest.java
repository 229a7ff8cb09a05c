package ai.starcite.store.rocksdb;

import ai.starcite.SessionLog;
import ai.starcite.linearizability.LogCalls;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One log over a real directory. */
@Tag("lincheck")
class RocksDbLinearizabilityTest {
  @TempDir private static Path directory;
  private static List<SessionLog> logs;

  @BeforeAll
  static void open() {
    logs = List.of(SessionLog.open(RocksDbSegmentStore.open(directory)));
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
