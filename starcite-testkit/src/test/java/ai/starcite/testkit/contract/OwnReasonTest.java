package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.SessionLog;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.spi.SegmentStore;
import ai.starcite.store.memory.MemorySegmentStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Each failure is true of the event that gets it, whatever failed before it (clause APP-4). */
class OwnReasonTest extends AppendFixture {
  /** Shared, so that refusals wait for a look at the store, and others queue behind them. */
  private final MemorySegmentStore shared = MemorySegmentStore.openShared();

  private final ScriptedStore store = new ScriptedStore(shared);

  private String id;

  @Override
  protected SegmentStore openStore() {
    return store;
  }

  @Override
  protected boolean outlivesClose() {
    return false;
  }

  @BeforeEach
  void begin() {
    id = newSession();
    log().append(id, numbered("p", 3));
    store.reads.hold();
  }

  @Test
  @DisplayName("APP-4: a number below the first is called that, not what failed before it")
  void belowTheFirst() {
    var conflict = log().appendAsync(id, event("other").withProducer("p", 3));
    var below = log().appendAsync(id, numbered("p", 1));
    store.heal();
    failure(Code.PRODUCER_REPLAY_CONFLICT, conflict);
    SessionLogException failure = failure(Code.PRODUCER_SEQ_CONFLICT, below);
    assertThat(failure.expectedProducerSeq()).hasValue(4);
    assertThat(failure).hasMessageContaining("has no event 1").hasMessageNotContaining("missing");
  }

  @Test
  @DisplayName("APP-4: a gap that no failure explains is called a gap")
  void gapOfItsOwn() {
    var conflict = log().appendAsync(id, event("other").withProducer("p", 3));
    var gap = log().appendAsync(id, numbered("p", 9));
    store.heal();
    failure(Code.PRODUCER_REPLAY_CONFLICT, conflict);
    assertThat(failure(Code.PRODUCER_SEQ_CONFLICT, gap).expectedProducerSeq()).hasValue(4);
  }

  @Test
  @DisplayName("APP-4: what comes behind a failed event fails with it, in a row of any length")
  void behind() {
    var failed = log().appendAsync(id, numbered("p", 4), expecting(9));
    var next = log().appendAsync(id, numbered("p", 5));
    var last = log().appendAsync(id, numbered("p", 6));
    store.heal();
    failure(Code.EXPECTED_SEQ_CONFLICT, failed);
    failure(Code.EXPECTED_SEQ_CONFLICT, next);
    SessionLogException failure = failure(Code.EXPECTED_SEQ_CONFLICT, last);
    assertThat(failure).hasMessageContaining("an earlier event of producer p failed");
  }

  @Test
  @DisplayName("APP-4: what comes behind a producer's first event, which failed, is not its first")
  void behindTheFirst() {
    var failed = log().appendAsync(id, numbered("q", 1), expecting(9));
    var next = log().appendAsync(id, numbered("q", 2));
    store.heal();
    failure(Code.EXPECTED_SEQ_CONFLICT, failed);
    failure(Code.EXPECTED_SEQ_CONFLICT, next);
    assertThat(log().producerPosition(id, "q")).isEmpty();
  }

  @Test
  @DisplayName("APP-4: an event does not fail with one that came after it and was looked for")
  void aheadOfAnOldRetry() {
    store.heal();
    id = newSession();
    log().append(id, numbered("p", 1));
    log().appendAll(id, numbered("p", 2, 1_200));
    store.reads.hold();
    store.appends.hold();
    var next = log().appendAsync(id, numbered("p", 1_201));
    var write = store.appends.next();
    var forged = log().appendAsync(id, forged("p", 1));
    var lookup = store.reads.next();
    try (SessionLog other = FaultFixture.another(new ScriptedStore(shared))) {
      other.append(id, event("first"));
    }
    write.pass();
    var look = store.reads.next();
    lookup.pass();
    look.pass();
    store.heal();
    assertThat(await(next)).isEqualTo(appended(1_202));
    failure(Code.PRODUCER_REPLAY_CONFLICT, forged);
  }

  @Test
  @DisplayName("APP-4: number 1 that comes after number 2 was the first is told so")
  void overtaken() {
    String fresh = newSession();
    log().appendAsync(fresh, numbered("p", 2));
    var overtaken = log().appendAsync(fresh, numbered("p", 1));
    store.heal();
    SessionLogException failure = failure(Code.PRODUCER_SEQ_CONFLICT, overtaken);
    assertThat(failure).hasMessageContaining("has no event 1");
    assertThat(failure.expectedProducerSeq()).hasValue(3);
  }
}
