package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.Event;
import ai.starcite.NewSession;
import ai.starcite.SessionLogException.Code;
import ai.starcite.Tail;
import ai.starcite.TailEnd;
import ai.starcite.TailListener;
import ai.starcite.TailOptions;
import ai.starcite.spi.ReadOutcome;
import ai.starcite.spi.SegmentStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Tails on a store that takes its time. */
class TailOnSlowStoreTest extends ReaderFixture {
  private final TamperedStore store = new TamperedStore();

  @Override
  protected SegmentStore openStore() {
    return store;
  }

  /** So that closing the log closes the store. */
  @Override
  protected boolean outlivesClose() {
    return true;
  }

  /** Three segments of three events, none of which is in memory. */
  private String coldSession() {
    String id = newSession();
    for (int i = 0; i < 3; i++) {
      append(id, 3);
    }
    return id;
  }

  @Test
  @DisplayName("TAIL-2: a tail sees nothing that the store has not confirmed, stored or not")
  void notBeforeConfirmed() {
    String id = coldSession();
    try (Tail tail = log().tail(id, 9)) {
      CompletableFuture<Void> gate = new CompletableFuture<>();
      store.onAppend(TamperedStore.after(gate));
      CompletableFuture<?> append = log().appendAsync(id, event("unconfirmed"));

      assertThat(tail.poll(Duration.ZERO)).isEmpty();
      failure(Code.CURSOR_AHEAD, () -> log().tail(id, 10));
      assertThat(read(id)).hasSize(9);
      InThread<Event> reader = start(tail::next).untilBlocked();
      assertThat(append).isNotDone();

      gate.complete(null);

      assertThat(reader.result().seq()).isEqualTo(10);
      append.join();
    }
  }

  @Test
  @DisplayName("TAIL-7: close wakes a reader whose page the store does not deliver")
  void closed_whileReading() {
    String id = coldSession();
    store.onRead(read -> new CompletableFuture<>());
    Tail tail = log().tail(id, 0);
    InThread<Boolean> reader = start(tail::hasNext).untilBlocked();

    tail.close();

    assertThat(reader.result()).isFalse();
    assertThat(tail.end()).contains(TailEnd.CLOSED);
  }

  @Test
  @DisplayName("TAIL-7: an interrupted reader whose page the store owes it gets it in the end")
  void interrupted_whileReading() {
    String id = coldSession();
    CompletableFuture<Void> gate = new CompletableFuture<>();
    store.onRead(TamperedStore.<ReadOutcome>after(gate)::apply);
    try (Tail tail = log().tail(id, 0)) {
      InThread<Code> reader =
          start(() -> failure(Code.CANCELLED, tail::next).code()).untilBlocked();
      reader.interrupt();
      assertThat(reader.result()).isEqualTo(Code.CANCELLED);
      assertThat(tail.end()).isEmpty();

      InThread<List<Event>> again = start(() -> take(tail, 9)).untilBlocked();
      gate.complete(null);

      assertThat(seqs(again.result())).isEqualTo(range(1, 9));
    }
  }

  @Test
  @DisplayName("TAIL-8: closing the log wakes a reader whose page the store does not deliver")
  void logClosed_whileReading() {
    String id = coldSession();
    store.onRead(read -> new CompletableFuture<>());
    Tail tail = log().tail(id, 0);
    InThread<Code> reader = start(() -> failure(Code.CLOSED, tail::next).code()).untilBlocked();

    closeLog();

    assertThat(reader.result()).isEqualTo(Code.CLOSED);
    assertThat(tail.end()).contains(TailEnd.LOG_CLOSED);
  }

  @Test
  @DisplayName("TAIL-8: a read that meets the closing of the log ends its tail as log closed")
  void logClosed_beforeRead() {
    String id = coldSession();
    Tail tail = log().tail(id, 0);
    store.beforeRead(this::closeLog);

    failure(Code.CLOSED, tail::next);

    assertThat(tail.end()).contains(TailEnd.LOG_CLOSED);
  }

  @Test
  @DisplayName("TAIL-8: deleting the session wakes a reader whose page the store does not deliver")
  void deleted_whileReading() {
    String id = coldSession();
    store.onRead(read -> new CompletableFuture<>());
    Tail tail = log().tail(id, 0);
    InThread<Code> reader =
        start(() -> failure(Code.SESSION_NOT_FOUND, tail::next).code()).untilBlocked();

    log().delete(id);

    assertThat(reader.result()).isEqualTo(Code.SESSION_NOT_FOUND);
    assertThat(tail.end()).contains(TailEnd.DELETED);
  }

  @Test
  @DisplayName("SES-7: a tail of the new life shows nothing of the old one, whose delete is slow")
  void deleted_slowly() {
    String id = coldSession();
    Tail old = log().tail(id, 9);
    CompletableFuture<Void> gate = new CompletableFuture<>();
    store.onDelete(TamperedStore.after(gate));
    InThread<Boolean> deleter =
        start(
                () -> {
                  log().delete(id);
                  return true;
                })
            .untilBlocked();
    String incarnation = log().create(NewSession.ofId(id)).incarnation();

    try (Tail tail = log().tail(id, 0)) {
      assertThat(tail.cursor().incarnation().orElseThrow()).isEqualTo(incarnation);
      log().append(id, event("new life"));
      gate.complete(null);
      assertThat(deleter.result()).isTrue();

      assertThat(tail.next().payload()).isEqualTo(event("new life").payload());
      assertThat(tail.end()).isEmpty();
    }
    failure(Code.SESSION_NOT_FOUND, old::next);
  }

  @Test
  @DisplayName("TAIL-3: tails that want the same page at the same time have it read once")
  void oneRead() {
    String id = coldSession();
    CompletableFuture<Void> gate = new CompletableFuture<>();
    store.onRead(TamperedStore.<ReadOutcome>after(gate)::apply);
    int before = store.reads();
    List<InThread<List<Event>>> readers = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      readers.add(start(() -> read(id)).untilBlocked());
    }

    gate.complete(null);

    assertThat(readers).allSatisfy(reader -> assertThat(reader.result()).hasSize(9));
    assertThat(store.reads() - before).isEqualTo(1);
  }

  @Test
  @DisplayName(
      "TAIL-3: a page that is read answers all that wait for it, though it is dropped soon")
  void manyWait() throws Exception {
    int pages = 10;
    int tails = 500;
    settings(builder -> builder.pageCacheBytes(1 << 20));
    String id = newSession();
    for (int i = 0; i < pages; i++) {
      log().appendAll(id, Collections.nCopies(100, event("x".repeat(10_000))));
    }
    CompletableFuture<Void> gate = new CompletableFuture<>();
    store.onRead(TamperedStore.<ReadOutcome>after(gate)::apply);
    int before = store.reads();
    Set<Long> seen = ConcurrentHashMap.newKeySet();
    CountDownLatch ended = new CountDownLatch(tails);
    ExecutorService executor = Executors.newSingleThreadExecutor();
    TailListener listener =
        new TailListener() {
          @Override
          public void onEvent(Event event) {
            seen.add(event.seq());
          }

          @Override
          public void onEnd(TailEnd end, @Nullable Throwable failure) {
            ended.countDown();
          }
        };
    try {
      for (int i = 0; i < tails; i++) {
        // A prime, so that those that come one after the other are on different pages.
        long cursor = i * 397 % (pages * 100);
        log().subscribe(id, TailOptions.from(cursor).withLimit(1), listener, executor);
      }
      executor.submit(() -> {}).get();

      gate.complete(null);

      ended.await();
    } finally {
      executor.shutdown();
    }
    assertThat(seen).as("the events after %d different cursors", tails).hasSize(tails);
    assertThat(store.reads() - before).as("reads of %d pages", pages).isLessThan(2 * pages);
  }

  @Test
  @DisplayName("TAIL-3: a tail that waits for a slow store holds up neither writers nor others")
  void slowStore() {
    String id = coldSession();
    store.onRead(read -> new CompletableFuture<>());
    try (Tail live = log().tail(id, 9)) {
      List<Tail> stuck = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        Tail tail = log().tail(id, i % 9);
        stuck.add(tail);
        start(tail::hasNext).untilBlocked();
      }
      log().appendAll(id, Collections.nCopies(5, event("live")));

      assertThat(seqs(take(live, 5))).isEqualTo(range(10, 14));
      stuck.forEach(Tail::close);
    }
  }

  @Test
  @DisplayName(
      "TAIL-3: a store that answers late, and on its own threads, loses and repeats nothing")
  void asynchronousStore() {
    settings(builder -> builder.pageCacheBytes(1 << 20));
    store.onRead(read -> answeredLater(read));
    store.onAppend(outcome -> answeredLater(outcome));
    String id = newSession();
    List<InThread<List<Event>>> readers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      readers.add(start(() -> take(log().tail(id, 0), 3_000)));
      for (int batch = 0; batch < 15; batch++) {
        log().appendAll(id, Collections.nCopies(50, event("x".repeat(2_000))));
      }
    }
    assertThat(readers)
        .allSatisfy(reader -> assertThat(seqs(reader.result())).isEqualTo(range(1, 3_000)));
  }

  private static <T> CompletionStage<T> answeredLater(CompletionStage<T> answer) {
    return answer.thenApplyAsync(value -> value, task -> new Thread(task).start());
  }
}
