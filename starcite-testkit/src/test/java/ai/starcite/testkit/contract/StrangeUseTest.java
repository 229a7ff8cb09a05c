package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.NewSession;
import ai.starcite.SessionLog;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.Tail;
import ai.starcite.store.memory.MemorySegmentStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Uses that are mistakes, and must be told as such. */
class StrangeUseTest extends FaultFixture {

  @Test
  @DisplayName("TAIL-2: a second log over a store that is not shared is refused")
  void twoLogs() {
    MemorySegmentStore alone = MemorySegmentStore.open();
    SessionLog first = SessionLog.builder(alone).closesStore(false).open();
    failure(Code.INVALID, () -> SessionLog.builder(alone).open());
    first.close();
    try (SessionLog second = SessionLog.builder(alone).closesStore(false).open()) {
      failure(Code.INVALID, () -> SessionLog.builder(alone).open());
      assertThat(second.append(second.create(named("s")).id(), event("a"))).isEqualTo(appended(1));
    }
    MemorySegmentStore shared = MemorySegmentStore.openShared();
    try (SessionLog one = SessionLog.builder(shared).closesStore(false).open();
        SessionLog two = SessionLog.builder(shared).open()) {
      one.create(named("s"));
      assertThat(two.get("s").id()).isEqualTo("s");
    }
  }

  private static NewSession named(String id) {
    return NewSession.ofId(id);
  }

  @Test
  @DisplayName("TAIL-7: two readers of one tail never get the same event, whatever they call")
  void twoReaders() throws Exception {
    int events = 50_000;
    for (int i = 0; i < events; i += 1_000) {
      log().appendAll(id, Collections.nCopies(1_000, event("e")));
    }
    Set<Long> seen = ConcurrentHashMap.newKeySet();
    try (Tail tail = log().tail(id, 0)) {
      List<FutureTask<Integer>> readers = new ArrayList<>();
      for (int r = 0; r < 2; r++) {
        readers.add(start(() -> drain(tail, seen, events)));
      }
      readers.forEach(reader -> assertThat(await(reader)).isGreaterThanOrEqualTo(0));
    }
    assertThat(seen).hasSize(events);
  }

  private static int drain(Tail tail, Set<Long> seen, int events) {
    int taken = 0;
    while (seen.size() < events) {
      try {
        for (var event : tail.poll(7, Duration.ofMillis(1))) {
          assertThat(seen.add(event.seq())).as("seq %d for the first time", event.seq()).isTrue();
          taken++;
        }
      } catch (SessionLogException e) {
        assertThat(e.code()).isEqualTo(Code.INVALID);
        Thread.onSpinWait();
      }
    }
    return taken;
  }

  @Test
  @DisplayName("ERR-3: a second close returns when the first is done")
  void twoCloses() {
    closeLog();
    ScriptedStore slow = new ScriptedStore(MemorySegmentStore.open());
    SessionLog log =
        SessionLog.builder(slow).closeTimeout(Duration.ofMillis(300)).closesStore(false).open();
    String session = log.create(named("s")).id();
    slow.appends.hold();
    log.appendAsync(session, event("a"));
    FutureTask<Boolean> first =
        start(
            () -> {
              log.close();
              return true;
            });
    await("the first one closes", () -> isClosed(log));
    log.close();
    // The store can be opened again now, which it cannot while the first one works.
    SessionLog.builder(slow).closesStore(false).open().close();
    assertThat(await(first)).isTrue();
    slow.heal();
  }

  private static boolean isClosed(SessionLog log) {
    try {
      log.get("s");
      return false;
    } catch (SessionLogException e) {
      return e.code() == Code.CLOSED;
    }
  }
}
