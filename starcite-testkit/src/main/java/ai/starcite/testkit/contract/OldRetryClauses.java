package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.NewEvent;
import ai.starcite.Producer;
import ai.starcite.SessionLogException.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Retries of events that memory has forgotten (APP-4): the log has not. */
public abstract class OldRetryClauses extends AppendFixture {
  private static final String PADDING = "x".repeat(300);

  private void assertHistory(String id, String producer, long number, long seq, long lastSeq) {
    assertThat(log().append(id, numbered(producer, number))).isEqualTo(deduped(seq, lastSeq));
    assertThat(
            failure(Code.PRODUCER_REPLAY_CONFLICT, () -> log().append(id, forged(producer, number)))
                .currentSeq())
        .hasValue(seq);
  }

  @Test
  @DisplayName("APP-4.3: a retry is found more than 1,024 events later")
  void longAgo() {
    String id = newSession();
    log().appendAll(id, numbered("p", 1, 1_500));
    log().appendAll(id, numbered("q", 1, 1_500));
    for (int round = 0; round < 2; round++) {
      assertHistory(id, "p", 1, 1, 3_000);
      assertHistory(id, "p", 2, 2, 3_000);
      assertHistory(id, "p", 476, 476, 3_000);
      assertHistory(id, "p", 477, 477, 3_000);
      assertHistory(id, "q", 1, 1_501, 3_000);
      assertHistory(id, "p", 1_500, 1_500, 3_000);
      reopen();
    }
  }

  @Test
  @DisplayName("APP-4: retries and positions survive a restart from a checkpoint")
  void checkpoint() {
    String id = newSession();
    // p takes the odd numbers of the first 200 seqs, then others fill more than a checkpoint's
    // worth, and q ends it.
    for (int i = 1; i <= 100; i++) {
      log().appendAll(id, List.of(numbered("p", i), event("between")));
    }
    for (int i = 0; i < 10; i++) {
      List<NewEvent> batch = new ArrayList<>();
      for (int each = 0; each < 1_000; each++) {
        batch.add(event(PADDING).withProducer("filler", 1_000L * i + each + 1));
      }
      log().appendAll(id, batch);
    }
    log().appendAll(id, numbered("q", 5, 54));
    for (int round = 0; round < 3; round++) {
      reopen();
      assertHistory(id, "p", 1, 1, 10_250);
      assertHistory(id, "p", 50, 99, 10_250);
      assertHistory(id, "p", 100, 199, 10_250);
      assertHistory(id, "q", 5, 10_201, 10_250);
      assertThat(log().producerPosition(id, "p")).hasValue(new Producer.Position(100, 199));
      assertThat(log().producerPosition(id, "q")).hasValue(new Producer.Position(54, 10_250));
      assertThat(
              failure(Code.PRODUCER_SEQ_CONFLICT, () -> log().append(id, numbered("p", 102)))
                  .expectedProducerSeq())
          .hasValue(101);
    }
    assertThat(log().append(id, numbered("p", 101))).isEqualTo(appended(10_251));
  }

  @Test
  @DisplayName("APP-4: retries are found when their sessions were evicted from memory")
  void eviction() {
    AtomicInteger evicted = evictSoon();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      String id = newSession();
      ids.add(id);
      log().appendAll(id, numbered("p", 3, 4));
    }
    await("sessions are evicted", () -> evicted.get() > 0);
    for (String id : ids) {
      assertThat(log().append(id, numbered("p", 3))).isEqualTo(deduped(1, 2));
      failure(Code.PRODUCER_REPLAY_CONFLICT, () -> log().append(id, forged("p", 4)));
    }
    for (String id : ids) {
      assertThat(log().append(id, numbered("p", 5), expecting(2))).isEqualTo(appended(3));
    }
    await("more are evicted", () -> evicted.get() > 400);
  }

  @Test
  @DisplayName("APP-4: a session of many producers knows each of them after a restart")
  void manyProducers() {
    String id = newSession();
    List<NewEvent> events = new ArrayList<>();
    for (int i = 0; i < 9_000; i++) {
      events.add(numbered("p" + i, 7));
    }
    log().appendAll(id, events);
    for (int i = 0; i < 9_000; i++) {
      events.set(i, numbered("p" + i, 8));
    }
    log().appendAll(id, events);
    reopen();
    assertHistory(id, "p0", 7, 1, 18_000);
    assertHistory(id, "p8999", 8, 18_000, 18_000);
    assertThat(log().append(id, numbered("p4500", 9))).isEqualTo(appended(18_001));
  }
}
