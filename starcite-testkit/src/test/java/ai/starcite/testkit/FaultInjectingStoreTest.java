package ai.starcite.testkit;

import static ai.starcite.testkit.contract.StoreData.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import ai.starcite.spi.AppendOutcome;
import ai.starcite.spi.CreateOutcome;
import ai.starcite.spi.Indefinite;
import ai.starcite.spi.ReadOutcome;
import ai.starcite.spi.Rejected;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SessionKey;
import ai.starcite.spi.StateCheckpoint;
import ai.starcite.spi.StoredSession;
import ai.starcite.store.memory.MemorySegmentStore;
import ai.starcite.testkit.Faults.Kind;
import ai.starcite.testkit.contract.StoreData;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A store with faults does what each kind of fault says, and nothing else. */
@Timeout(60)
class FaultInjectingStoreTest {
  private final MemorySegmentStore memory = MemorySegmentStore.open();
  private final HandScheduler scheduler = new HandScheduler();
  private final SessionKey key = StoreData.key("session");
  private FaultInjectingStore store = with(Faults.none());

  private FaultInjectingStore with(Faults faults) {
    return new FaultInjectingStore(memory, faults, scheduler);
  }

  private void always(Kind kind) {
    store = with(Faults.none().with(1, kind));
  }

  /** Creates the session beside all faults. */
  private void create() {
    assertThat(await(memory.create(StoreData.record(key)))).isEqualTo(new CreateOutcome.Created());
  }

  private long nextSeq() {
    return await(memory.load("session")).orElseThrow().nextSeq();
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  @DisplayName("without faults every call passes, and nothing is counted")
  void none() {
    create();
    for (int seq = 1; seq <= 100; seq++) {
      assertThat(store.append(key, StoreData.segment(seq, 1)).toCompletableFuture())
          .isCompletedWithValue(new AppendOutcome.Committed());
    }
    assertThat(await(store.load("session"))).isEqualTo(await(memory.load("session")));
    assertThat(await(store.read(key, 1, Integer.MAX_VALUE)))
        .isEqualTo(await(memory.read(key, 1, Integer.MAX_VALUE)));
    assertThat(store.injected()).hasSize(Kind.values().length).allSatisfy((k, n) -> isZero(n));
  }

  private static void isZero(long count) {
    assertThat(count).isZero();
  }

  @Test
  @DisplayName("a rejected write is answered as such, and nothing is written")
  void rejected() {
    create();
    always(Kind.REJECTED_WRITE);
    assertThat(await(store.append(key, StoreData.segment(1, 1)))).isInstanceOf(Rejected.class);
    assertThat(await(store.update(StoreData.retitled(StoreData.record(key), "x"), 1)))
        .isInstanceOf(Rejected.class);
    assertThat(await(store.create(StoreData.record(StoreData.key("other")))))
        .isInstanceOf(Rejected.class);
    assertThat(nextSeq()).isEqualTo(1);
    assertThat(await(memory.load("other"))).isEmpty();
    assertThat(store.injected()).containsEntry(Kind.REJECTED_WRITE, 3L);
  }

  /** What an append that nothing is known of looks like: an outcome, a failure or an exception. */
  private String unknown(Segment segment) {
    CompletionStage<AppendOutcome> stage;
    try {
      stage = store.append(key, segment);
    } catch (IllegalStateException e) {
      return "thrown";
    }
    try {
      assertThat(stage.toCompletableFuture().join()).isInstanceOf(Indefinite.class);
      return "indefinite";
    } catch (java.util.concurrent.CompletionException e) {
      assertThat(e).hasCauseInstanceOf(IOException.class);
      return "failed";
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"LOST_WRITE", "LOST_ANSWER", "LATE_WRITE"})
  @DisplayName("an unknown outcome takes all three forms, whether the write was done or not")
  void unknownOutcomes(Kind kind) {
    create();
    always(kind);
    Set<String> forms = new HashSet<>();
    for (int i = 1; i <= 30; i++) {
      forms.add(unknown(StoreData.segment(i, 1)));
      assertThat(nextSeq()).isEqualTo(kind == Kind.LOST_ANSWER ? i + 1 : 1);
    }
    assertThat(forms).containsExactlyInAnyOrder("indefinite", "failed", "thrown");
  }

  @Test
  @DisplayName("a late write is done later, and does no harm once it was sent again")
  void lateWrite() {
    create();
    always(Kind.LATE_WRITE);
    Segment first = StoreData.segment(1, 1);
    unknown(first);
    assertThat(nextSeq()).isEqualTo(1);
    scheduler.runAll();
    assertThat(nextSeq()).as("done late").isEqualTo(2);
    Segment second = StoreData.segment(2, 1);
    unknown(second);
    await(memory.append(key, second));
    await(memory.append(key, StoreData.segment(3, 1)));
    scheduler.runAll();
    assertThat(nextSeq()).isEqualTo(4);
  }

  @Test
  @DisplayName("a late write of an earlier life changes nothing in the next")
  void lateWriteOfEarlierLife() {
    create();
    always(Kind.LATE_WRITE);
    unknown(StoreData.segment(1, 1));
    catchThrowable(() -> store.update(StoreData.retitled(StoreData.record(key), "late"), 1));
    catchThrowable(() -> store.delete(key));
    await(memory.delete(key));
    var reborn = StoreData.record(StoreData.key("session", 2));
    await(memory.create(reborn));
    scheduler.runAll();
    assertThat(await(memory.load("session")))
        .contains(new StoredSession(reborn, 1, java.util.Optional.empty()));
  }

  @Test
  @DisplayName("a double write is answered by the first one, and done again later")
  void doubleWrite() {
    create();
    always(Kind.DOUBLE_WRITE);
    assertThat(await(store.append(key, StoreData.segment(1, 1))))
        .isEqualTo(new AppendOutcome.Committed());
    assertThat(scheduler.waiting()).isEqualTo(1);
    scheduler.runAll();
    assertThat(nextSeq()).isEqualTo(2);
  }

  @Test
  @DisplayName(
      "a create is neither late nor done twice, since its id may have been freed meanwhile")
  void createsAreNeverLate() {
    store = with(Faults.none().with(1, Kind.LATE_WRITE));
    await(store.create(StoreData.record(key)));
    store = with(Faults.none().with(1, Kind.DOUBLE_WRITE));
    await(store.create(StoreData.record(StoreData.key("other"))));
    assertThat(scheduler.waiting()).isZero();
  }

  @Test
  @DisplayName("a delayed answer comes when its time has come, and the write is done before")
  void delayed() {
    create();
    store = with(Faults.none().with(1, Kind.DELAYED_ANSWER).withLongestDelay(Duration.ofHours(1)));
    CompletableFuture<AppendOutcome> answer =
        store.append(key, StoreData.segment(1, 1)).toCompletableFuture();
    assertThat(answer).isNotDone();
    assertThat(nextSeq()).isEqualTo(2);
    scheduler.runAll();
    assertThat(answer).isCompletedWithValue(new AppendOutcome.Committed());
  }

  @Test
  @DisplayName("a reordered answer lets one of another session pass, and none of its own")
  void reordered() {
    create();
    await(memory.create(StoreData.record(StoreData.key("other"))));
    store = with(Faults.none().with(0.5, Kind.REORDERED_ANSWER));
    CompletableFuture<?> overtaken = answerOf("session");
    while (overtaken.isDone()) {
      overtaken = answerOf("session");
    }
    for (int i = 0; i < 20; i++) {
      answerOf("session");
    }
    scheduler.runDue();
    assertThat(overtaken).as("overtaken by its own session").isNotDone();
    while (!answerOf("other").isDone()) {
      // That one was held as well.
    }
    scheduler.runDue();
    assertThat(overtaken).isDone();
  }

  private CompletableFuture<?> answerOf(String id) {
    return store.load(id).toCompletableFuture();
  }

  @Test
  @DisplayName("whatever is held back is answered when the store is closed")
  void closeAnswers() {
    create();
    store = with(Faults.none().with(1, Kind.DELAYED_ANSWER));
    CompletableFuture<?> answer = answerOf("session");
    store.close();
    assertThat(answer).isCompleted();
    assertThat(answerOf("session")).isCompletedExceptionally();
  }

  @Test
  @DisplayName("a failed read fails, and a short one gives its first segment")
  void reads() {
    create();
    await(memory.append(key, StoreData.segment(1, 2)));
    await(memory.append(key, StoreData.segment(3, 2)));
    always(Kind.SHORT_READ);
    assertThat(((ReadOutcome.Segments) await(store.read(key, 1, 1_000))).segments()).hasSize(1);
    always(Kind.FAILED_READ);
    assertThat(store.read(key, 1, 1).toCompletableFuture()).isCompletedExceptionally();
    assertThat(store.load("session").toCompletableFuture()).isCompletedExceptionally();
  }

  @Test
  @DisplayName("a checkpoint is lost at loading, or was never kept")
  void checkpoints() {
    create();
    await(memory.append(key, StoreData.segment(1, 2)));
    StateCheckpoint old = new StateCheckpoint(2, new byte[] {1});
    await(store.checkpoint(key, old));
    always(Kind.OLD_CHECKPOINT);
    await(store.checkpoint(key, new StateCheckpoint(3, new byte[] {2})));
    assertThat(await(store.load("session")).orElseThrow().checkpoint()).contains(old);
    always(Kind.LOST_CHECKPOINT);
    assertThat(await(store.load("session")).orElseThrow().checkpoint()).isEmpty();
  }

  @Test
  @DisplayName("a lost hint is not given")
  void hints() {
    create();
    List<String> hints = new ArrayList<>();
    store.watch(key, () -> hints.add("heard"));
    always(Kind.LOST_HINT);
    store.watch(key, () -> hints.add("lost"));
    await(memory.append(key, StoreData.segment(1, 1)));
    assertThat(hints).containsExactly("heard");
  }

  private List<String> trace(Faults faults) {
    try (MemorySegmentStore fresh = MemorySegmentStore.open()) {
      FaultInjectingStore traced = new FaultInjectingStore(fresh, faults, new HandScheduler());
      List<String> trace = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        var record = StoreData.record(StoreData.key("s" + i));
        Throwable thrown = catchThrowable(() -> traced.create(record));
        trace.add(thrown + " " + traced.injected());
        trace.add(traced.load("s" + i).toCompletableFuture().isDone() + " " + traced.injected());
      }
      return trace;
    }
  }

  @Test
  @DisplayName("the same seed gives the same faults, and another seed others")
  void seeds() {
    assertThat(trace(Faults.all(7))).isEqualTo(trace(Faults.all(7)));
    assertThat(trace(Faults.all(7))).isNotEqualTo(trace(Faults.all(8)));
  }

  @Test
  @DisplayName("healed, it has no more faults")
  void healed() {
    create();
    always(Kind.REJECTED_WRITE);
    store.heal();
    assertThat(await(store.append(key, StoreData.segment(1, 1))))
        .isEqualTo(new AppendOutcome.Committed());
  }

  @Test
  @DisplayName("a probability beyond 0 to 1 and a negative delay are refused")
  void badSettings() {
    assertThatThrownBy(() -> Faults.none().with(1.1, Kind.LOST_WRITE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("LOST_WRITE")
        .hasMessageContaining("1.1");
    assertThatThrownBy(() -> Faults.none().with(Double.NaN, Kind.LOST_WRITE))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Faults.none().withLongestDelay(Duration.ofNanos(-1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(Faults.masked(3).probabilities()).isUnmodifiable();
    assertThat(new Faults(1, Map.of(), Duration.ZERO).probability(Kind.LOST_HINT)).isZero();
  }

  @Test
  @DisplayName("its own thread starts with the first delay, and ends with the store")
  void ownThread() throws Exception {
    create();
    store =
        new FaultInjectingStore(
            memory,
            Faults.none().with(1, Kind.REORDERED_ANSWER).withLongestDelay(Duration.ofMillis(500)));
    List<Thread> answerers = new ArrayList<>();
    store
        .load("session")
        .thenRun(() -> answerers.add(Thread.currentThread()))
        .toCompletableFuture()
        .get();
    assertThat(answerers.get(0).getName()).startsWith("starcite-faults-");
    assertThat(answerers.get(0).isDaemon()).isTrue();
    store.close();
    answerers.get(0).join(10_000);
    assertThat(answerers.get(0).isAlive()).isFalse();
  }
}
