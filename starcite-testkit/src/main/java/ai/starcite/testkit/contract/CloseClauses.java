package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.AppendResult;
import ai.starcite.NewSession;
import ai.starcite.SessionLog;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.spi.SegmentStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Closing the log. A close that waits in vain shows as a test that times out. */
public abstract class CloseClauses extends LogFixture {

  @BeforeEach
  void create() {
    settings(builder -> builder.closeTimeout(Duration.ofHours(1)));
    log().create(NewSession.ofId("s"));
  }

  @Test
  @DisplayName("ERR-3: close drains appends that are in flight")
  void drains() {
    List<CompletableFuture<AppendResult>> futures = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      futures.add(log().appendAsync("s", event("event " + i)));
    }
    log().close();
    assertThat(futures).allMatch(CompletableFuture::isDone);
    for (int i = 0; i < 500; i++) {
      assertThat(futures.get(i).join().seq()).isEqualTo(i + 1);
    }
    reopen();
    assertThat(read("s")).hasSize(500);
  }

  @Test
  @DisplayName("ERR-3: close stops every thread that the log and its store started")
  void stopsThreads() throws Exception {
    closeLog();
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    log().appendAsync("s", event("one")).join();
    log().tail("s", 0).poll(Duration.ZERO);
    Set<Thread> started = new HashSet<>(Thread.getAllStackTraces().keySet());
    started.removeAll(before);
    started.removeIf(thread -> !thread.getName().startsWith("starcite"));
    assertThat(started).isNotEmpty().allMatch(Thread::isDaemon);
    log().close();
    for (Thread thread : started) {
      thread.join();
    }
    closeLog();
    Set<Thread> left = new HashSet<>(Thread.getAllStackTraces().keySet());
    left.removeAll(before);
    left.removeAll(started);
    assertThat(left).noneMatch(thread -> thread.getName().startsWith("starcite"));
  }

  @Test
  @DisplayName("ERR-1: once the store is closed under the log, every call fails with CLOSED")
  void closedStore() {
    log().create(NewSession.ofId("open"));
    closeLog();
    SegmentStore store = openStore();
    try (SessionLog log = SessionLog.builder(store).closesStore(false).open()) {
      log.append("open", event("one"));
      store.close();
      failure(Code.CLOSED, () -> log.append("open", event("two")));
      for (Call call : Call.all()) {
        SessionLogException failure = failure(Code.CLOSED, () -> call.on().run(log, "s"));
        assertThat(failure.isDefinite()).as(call.name()).isTrue();
      }
    }
  }
}
