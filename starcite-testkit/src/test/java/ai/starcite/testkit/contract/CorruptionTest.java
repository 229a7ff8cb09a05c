package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.NewSession;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.Tail;
import ai.starcite.TailEnd;
import ai.starcite.spi.AppendOutcome;
import ai.starcite.spi.ReadOutcome;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SegmentStore;
import ai.starcite.spi.SessionKey;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Data that rotted: a segment is stored whose bytes do not match its checksum. */
@OverMemory
class CorruptionTest extends LogFixture {
  /** Where the header of a segment has its first seq and its token; see docs/format.md. */
  private static final int FIRST_SEQ_AT = 16;

  private static final int TOKEN_AT = 48;

  @BeforeEach
  void damage() throws Exception {
    requireNoFaults("the damage is put into the store, which must not lose it");
    for (String id : List.of("damaged", "other")) {
      log().create(NewSession.ofId(id));
      log().append(id, event("one").withProducer("p", 1));
      log().append(id, event("two").withProducer("p", 2));
    }
    closeLog();
    SegmentStore store = openStore();
    SessionKey key = store.load("damaged").toCompletableFuture().get().orElseThrow().record().key();
    ReadOutcome read = store.read(key, 2, 1).toCompletableFuture().get();
    byte[] bytes = ((ReadOutcome.Segments) read).segments().get(0).bytes().clone();
    ByteBuffer.wrap(bytes).putLong(FIRST_SEQ_AT, 3).putLong(TOKEN_AT, 1);
    assertThat(store.append(key, Segment.of(bytes)).toCompletableFuture().get())
        .isEqualTo(new AppendOutcome.Committed());
    if (outlivesClose()) {
      store.close();
    }
  }

  @Test
  @DisplayName(
      "ERR-2: damage is reported as CORRUPT, with session and seq, and nothing is invented")
  void reported() {
    SessionLogException failure = failure(Code.CORRUPT, () -> read("damaged"));
    assertThat(failure).hasMessageContaining("damaged").hasMessageContaining("3");
    assertThat(failure.isDefinite()).isTrue();
    assertThat(failure.isRetryable()).isFalse();
    failure(Code.CORRUPT, () -> log().append("damaged", event("three").withProducer("p", 3)));
    failure(Code.CORRUPT, () -> log().append("damaged", event("two").withProducer("p", 2)));
    failure(Code.CORRUPT, () -> log().producerPosition("damaged", "p"));
    failure(Code.CORRUPT, () -> log().seal("damaged"));
    assertThat(log().get("damaged").lastSeq()).isEqualTo(3);
  }

  @Test
  @DisplayName("ERR-2: nothing before the damage is lost")
  void nothingBeforeIsLost() {
    try (Tail tail = log().tail("damaged", 0)) {
      assertThat(tail.next().payload()).isEqualTo(event("one").payload());
      assertThat(tail.next().payload()).isEqualTo(event("two").payload());
      failure(Code.CORRUPT, tail::next);
      assertThat(tail.cursor().seq()).isEqualTo(2);
      assertThat(tail.end()).contains(TailEnd.FAILED);
    }
  }

  @Test
  @DisplayName("ERR-2: other sessions work on, and the damaged one can be deleted")
  void othersWorkOn() {
    failure(Code.CORRUPT, () -> read("damaged"));
    assertThat(log().append("other", event("three").withProducer("p", 3)).seq()).isEqualTo(3);
    assertThat(read("other")).hasSize(3);
    log().delete("damaged");
    log().create(NewSession.ofId("damaged"));
    assertThat(log().append("damaged", event("new")).seq()).isEqualTo(1);
    assertThat(read("damaged")).hasSize(1);
  }
}
