package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.NewEvent;
import ai.starcite.Producer;
import ai.starcite.SessionLogException.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Positions of producers, and what numbers events by itself (APP-10). */
@OverMemory
class ProducerTest extends AppendFixture {

  @Test
  @DisplayName("APP-10: a position is the last number and its seq, empty before the first event")
  void position() {
    String id = newSession();
    assertThat(log().producerPosition(id, "p")).isEmpty();
    log().append(id, event("x"));
    assertThat(log().producerPosition(id, "p")).isEmpty();
    log().appendAll(id, numbered("p", 41, 42));
    log().append(id, event("y"));
    assertThat(log().producerPosition(id, "p")).hasValue(new Producer.Position(42, 3));
    reopen();
    assertThat(log().producerPosition(id, "p")).hasValue(new Producer.Position(42, 3));
    assertThat(log().producerPosition(id, "q")).isEmpty();
    failure(Code.INVALID, () -> log().producerPosition(id, ""));
  }

  @Test
  @DisplayName("APP-10: a position includes what the same thread sent before, without waiting")
  void positionAfterAsync() {
    String id = newSession();
    for (long number = 1; number <= 50; number++) {
      log().appendAsync(id, numbered("p", number));
      assertThat(log().producerPosition(id, "p")).hasValue(new Producer.Position(number, number));
    }
  }

  @Test
  @DisplayName("APP-10: a producer numbers from 1, and goes on after a restart")
  void goesOn() {
    String id = newSession();
    Producer producer = log().producer(id, "p");
    assertThat(producer.id()).isEqualTo("p");
    assertThat(producer.nextProducerSeq()).isEqualTo(1);
    producer.append(event("a"));
    producer.append(event("b"));
    reopen();
    Producer again = log().producer(id, "p");
    assertThat(again.nextProducerSeq()).isEqualTo(3);
    assertThat(again.append(event("c"))).isEqualTo(appended(3));
    assertThat(read(id))
        .extracting(each -> each.producerSeq().orElse(0))
        .containsExactly(1L, 2L, 3L);
  }

  @Test
  @DisplayName("APP-10: the number of an event that failed is kept for its retry")
  void keepsNumber() {
    String id = newSession();
    Producer producer = log().producer(id, "p");
    producer.append(event("a"));
    failure(Code.EXPECTED_SEQ_CONFLICT, () -> producer.append(event("b"), expecting(9)));
    assertThat(producer.nextProducerSeq()).isEqualTo(2);
    assertThat(producer.append(event("b"), expecting(1))).isEqualTo(appended(2));
    assertThat(log().producerPosition(id, "p")).hasValue(new Producer.Position(2, 2));
  }

  @Test
  @DisplayName("APP-10: a producer takes no event that has a producer, and keeps its number")
  void ownEventsOnly() {
    String id = newSession();
    Producer producer = log().producer(id, "p");
    failure(Code.INVALID, () -> producer.append(numbered("p", 1)));
    failure(Code.INVALID, () -> producer.append(sized(2 << 20)));
    assertThat(producer.append(event("a"))).isEqualTo(appended(1));
  }

  @Test
  @DisplayName("APP-10: a producer of a session that does not exist fails")
  void noSession() {
    failure(Code.SESSION_NOT_FOUND, () -> log().producer("nowhere", "p"));
  }

  @Test
  @DisplayName("APP-10: two producers of one id conflict instead of mixing their events")
  void twoOfOneId() {
    String id = newSession();
    Producer one = log().producer(id, "p");
    Producer two = log().producer(id, "p");
    one.append(event("a"));
    failure(Code.PRODUCER_REPLAY_CONFLICT, () -> two.append(event("b")));
    assertThat(texts(id)).containsExactly("a");
  }

  @Test
  @DisplayName("APP-10: one producer serves many threads, and numbers without gaps")
  void manyThreads() {
    String id = newSession();
    Producer producer = log().producer(id, "p");
    List<FutureTask<Integer>> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      threads.add(
          new FutureTask<>(
              () -> {
                for (int n = 0; n < 50; n++) {
                  NewEvent event = event("e");
                  assertThat(producer.append(event).deduped()).isFalse();
                }
                return 50;
              }));
    }
    threads.forEach(each -> new Thread(each, "producer").start());
    threads.forEach(each -> assertThat(await(each)).isEqualTo(50));
    assertThat(producer.nextProducerSeq()).isEqualTo(201);
    assertThat(read(id)).hasSize(200).allMatch(each -> each.producerSeq().orElse(0) == each.seq());
  }
}
