package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.SessionLogException.Code;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Retries of what was appended long ago, whatever the store (APP-4). */
@OverMemory
class LateRetryTest extends AppendFixture {
  private static final String PADDING = "x".repeat(300);

  private void assertHistory(String id, String producer, long number, long seq, long lastSeq) {
    assertThat(log().append(id, numbered(producer, number))).isEqualTo(deduped(seq, lastSeq));
    assertThat(
            failure(Code.PRODUCER_REPLAY_CONFLICT, () -> log().append(id, forged(producer, number)))
                .currentSeq())
        .hasValue(seq);
  }

  @Test
  @DisplayName("APP-4.3: a retry that is written otherwise is found long after")
  void otherBytes() {
    String id = newSession();
    log().append(id, NewEvent.of("t", Json.parse("{\"a\":1,\"b\":[]}")).withProducer("p", 1));
    log().appendAll(id, numbered("p", 2, 1_500));
    NewEvent same = NewEvent.of("t", Json.parse("{ \"b\":[], \"a\":1.0 }")).withProducer("p", 1);
    assertThat(log().append(id, same)).isEqualTo(deduped(1, 1_500));
  }

  @Test
  @DisplayName("APP-4.3: a batch may mix what is long ago with what is new")
  void mixedBatch() {
    String id = newSession();
    log().appendAll(id, numbered("p", 1, 3_000));
    List<NewEvent> batch = new ArrayList<>();
    for (long number : new long[] {1, 500, 1_000, 2_999, 3_001, 3_002}) {
      batch.add(numbered("p", number));
    }
    assertThat(log().appendAll(id, batch))
        .extracting("seq")
        .containsExactly(1L, 500L, 1_000L, 2_999L, 3_001L, 3_002L);
  }

  @Test
  @DisplayName("APP-4.1: the largest number there is survives a checkpoint")
  void largestNumber() {
    String id = newSession();
    log().append(id, numbered("p", Long.MAX_VALUE));
    for (int i = 0; i < 10; i++) {
      log().appendAll(id, Collections.nCopies(1_000, event(PADDING)));
    }
    reopen();
    assertHistory(id, "p", Long.MAX_VALUE, 1, 10_001);
  }
}
