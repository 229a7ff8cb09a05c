package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.NewSession;
import ai.starcite.SessionLog;
import ai.starcite.SessionLogException.Code;
import ai.starcite.spi.SegmentStore;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Closing the log under those who use it. A close that waits in vain times the test out. */
@OverMemory
class CloseRaceTest extends LogFixture {

  @BeforeEach
  void create() {
    settings(builder -> builder.closeTimeout(Duration.ofHours(1)));
    log().create(NewSession.ofId("s"));
  }

  @Test
  @DisplayName("ERR-3: an append that races with close is stored or fails definitely with CLOSED")
  void racingAppends() throws Exception {
    for (int round : Rounds.upTo(10)) {
      SessionLog log = log();
      Set<String> acknowledged = new HashSet<>();
      ConcurrentLinkedQueue<String> stored = new ConcurrentLinkedQueue<>();
      read("s").forEach(event -> acknowledged.add(event.payload().toString()));
      int before = acknowledged.size();
      int start = round;
      AtOnce.run(
          4,
          thread -> {
            if (thread == 0) {
              while (stored.size() < 10) {
                Thread.onSpinWait();
              }
              log.close();
            } else {
              failure(
                  Code.CLOSED,
                  () -> {
                    for (int i = 0; true; i++) {
                      String text = start + "-" + thread + "-" + i;
                      if (thread == 1) {
                        Call.await(log.appendAsync("s", event(text)));
                      } else {
                        log.append("s", event(text));
                      }
                      stored.add(event(text).payload().toString());
                    }
                  });
            }
            return null;
          });
      acknowledged.addAll(stored);
      assertThat(acknowledged).hasSize(before + stored.size());
      reopen();
      assertThat(read("s"))
          .extracting(event -> event.payload().toString())
          .containsExactlyInAnyOrderElementsOf(acknowledged);
    }
  }

  @Test
  @DisplayName("ERR-3: in any interleaving, close drains what was taken and refuses the rest")
  void drainsOrRefuses() throws Exception {
    closeLog();
    SegmentStore store = openStore();
    try {
      for (int round : Rounds.upTo(300)) {
        SessionLog log =
            SessionLog.builder(store).closesStore(false).closeTimeout(Duration.ofHours(1)).open();
        String id = log.create(NewSession.defaults()).id();
        AtomicBoolean isClosed = new AtomicBoolean();
        AtOnce.run(
            3,
            thread -> {
              if (thread == 0) {
                log.append(id, event("x"));
                log.close();
                isClosed.set(true);
              } else {
                failure(
                    Code.CLOSED,
                    () -> {
                      while (true) {
                        boolean late = isClosed.get();
                        log.append(id, event("x"));
                        assertThat(late)
                            .as("whether an append that was acknowledged came after close")
                            .isFalse();
                      }
                    });
              }
              return null;
            });
      }
    } finally {
      if (outlivesClose()) {
        store.close();
      }
    }
    assertThat(log().append("s", event("x")).seq()).isEqualTo(1);
  }

  @Test
  @DisplayName("ERR-3: close can be called from many threads at once")
  void fromManyThreads() throws Exception {
    SessionLog log = log();
    log.appendAsync("s", event("one"));
    AtOnce.run(
        4,
        thread -> {
          log.close();
          return null;
        });
    failure(Code.CLOSED, () -> log.get("s"));
  }
}
