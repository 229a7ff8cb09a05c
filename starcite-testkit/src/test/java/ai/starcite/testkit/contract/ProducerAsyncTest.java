package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import ai.starcite.AppendOptions;
import ai.starcite.AppendResult;
import ai.starcite.NewEvent;
import ai.starcite.Producer;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Appends of a producer that do not block. */
class ProducerAsyncTest extends FaultFixture {
  private static final AppendOptions BRIEF =
      AppendOptions.defaults().withTimeout(Duration.ofMillis(20));

  private Producer producer;

  @BeforeEach
  void open() {
    producer = log().producer(id, "p");
  }

  private List<CompletableFuture<AppendResult>> sendAll(String... texts) {
    return Stream.of(texts).map(text -> producer.appendAsync(event(text))).toList();
  }

  /** Sends an event whose outcome stays unknown, and is decided when the store is healed. */
  private void unknown(String text) {
    store.appends.hold();
    failure(Code.OUTCOME_UNKNOWN, producer.appendAsync(event(text), BRIEF));
  }

  @Test
  @DisplayName("APP-10: many appends are on their way at once, with numbers in the order of calls")
  void pipelined() {
    producer.append(event("first"));
    store.appends.hold();
    List<CompletableFuture<AppendResult>> results = sendAll("a", "b", "c", "d");
    assertUnanswered(results.toArray(new CompletableFuture<?>[0]));
    assertThat(producer.nextProducerSeq()).isEqualTo(6);
    store.heal();
    results.forEach(AppendFixture::await);
    assertThat(texts(id)).containsExactly("first", "a", "b", "c", "d");
    assertThat(read(id)).allMatch(each -> each.producerSeq().orElse(0) == each.seq());
    assertThat(store.sent()).as("segments: first, a, and all the others").hasSize(3);
  }

  @Test
  @DisplayName("APP-10: appends behind a producer's first one keep their order")
  void behindTheFirst() {
    store.appends.hold();
    List<CompletableFuture<AppendResult>> results = sendAll("a", "b", "c");
    store.heal();
    assertThat(results.stream().map(AppendFixture::await))
        .extracting(AppendResult::seq)
        .containsExactly(1L, 2L, 3L);
    assertThat(texts(id)).containsExactly("a", "b", "c");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @DisplayName("APP-10: those behind one that fails fail too, and its number is free again")
  void behindOneThatFails(boolean isFirst) {
    if (!isFirst) {
      producer.append(event("first"));
    }
    long number = producer.nextProducerSeq();
    store.appends.hold();
    List<CompletableFuture<AppendResult>> results = sendAll("a", "b", "c");
    store.appends.next().answer(ScriptedFaults.REJECTED);
    store.heal();
    for (CompletableFuture<AppendResult> result : results) {
      assertThat(failure(Code.STORE_UNAVAILABLE, result).isDefinite()).isTrue();
    }
    assertThat(producer.nextProducerSeq()).isEqualTo(number);
    assertThat(await(producer.appendAsync(event("a")))).isEqualTo(appended(number));
    assertThat(await(producer.appendAsync(event("b")))).isEqualTo(appended(number + 1));
  }

  @Test
  @DisplayName("APP-10: a condition that fails takes those behind it along, and no others")
  void condition() {
    producer.append(event("a"));
    store.appends.hold();
    CompletableFuture<AppendResult> before = producer.appendAsync(event("b"));
    CompletableFuture<AppendResult> wrong = producer.appendAsync(event("c"), expecting(0));
    CompletableFuture<AppendResult> behind = producer.appendAsync(event("d"));
    store.heal();
    assertThat(await(before)).isEqualTo(appended(2));
    assertThat(failure(Code.EXPECTED_SEQ_CONFLICT, wrong).currentSeq()).hasValue(2);
    failure(Code.EXPECTED_SEQ_CONFLICT, behind);
    assertThat(await(producer.appendAsync(event("d")))).isEqualTo(appended(3));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @DisplayName("APP-10: what is unknown is resolved before another event takes a number")
  void resolvedFirst(boolean isStored) {
    unknown("a");
    CompletableFuture<AppendResult> b = producer.appendAsync(event("b"));
    CompletableFuture<AppendResult> c = producer.appendAsync(event("c"));
    assertUnanswered(b, c);
    if (!isStored) {
      store.appends.next().answer(ScriptedFaults.REJECTED);
    }
    store.heal();
    assertThat(await(b)).isEqualTo(appended(isStored ? 2 : 1));
    assertThat(await(c)).isEqualTo(appended(isStored ? 3 : 2));
    AppendResult retry = await(producer.appendAsync(event("a")));
    assertThat(retry).isEqualTo(isStored ? deduped(1, 3) : appended(3));
    assertThat(texts(id)).containsExactlyInAnyOrder("a", "b", "c");
  }

  @Test
  @DisplayName("APP-10: each unknown outcome is matched by one retry, also if two come at once")
  void twoRetries() {
    producer.append(event("first"));
    unknown("a");
    List<CompletableFuture<AppendResult>> retries = sendAll("a", "a");
    store.heal();
    assertThat(await(retries.get(0)).seq()).isEqualTo(2);
    assertThat(await(retries.get(1)).seq()).isEqualTo(3);
    assertThat(texts(id)).containsExactly("first", "a", "a");
  }

  @Test
  @DisplayName("APP-10: retries are merged with new events, blocking or not")
  void merged() {
    unknown("a");
    CompletableFuture<List<AppendResult>> merged =
        producer.appendAllAsync(List.of(event("b"), event("a")), AppendOptions.defaults());
    store.heal();
    assertThat(await(merged)).extracting(AppendResult::deduped).containsExactly(false, true);
    unknown("c");
    store.heal();
    assertThat(producer.appendAll(List.of(event("c"), event("d"))))
        .extracting(AppendResult::deduped)
        .containsExactly(true, false);
    assertThat(texts(id)).containsExactly("a", "b", "c", "d");
  }

  @Test
  @DisplayName("APP-7: a retry that fails is unknown as long as its first attempt is")
  void stillUnknown() {
    unknown("a");
    SessionLogException retry =
        failure(Code.OUTCOME_UNKNOWN, producer.appendAsync(event("a"), BRIEF));
    assertThat(retry.isDefinite()).isFalse();
    assertThat(failureOf(producer.appendAsync(event("b"), BRIEF)))
        .as("nothing was ever tried of it")
        .matches(SessionLogException::isDefinite);
    store.heal();
    assertThat(await(producer.appendAsync(event("a")))).isEqualTo(deduped(1, 1));
  }

  private static SessionLogException failureOf(CompletableFuture<?> future) {
    return (SessionLogException) future.handle((result, failure) -> failure).join();
  }

  @Test
  @DisplayName("APP-7: a retry that is refused says so, once its first attempt is known to be void")
  void refusedRetry() {
    unknown("a");
    store.appends.next().answer(ScriptedFaults.REJECTED);
    store.heal();
    log().seal(id);
    List<Code> codes = new ArrayList<>();
    while (!codes.contains(Code.SESSION_SEALED)) {
      codes.add(failureOf(producer.appendAsync(event("a"))).code());
      assertThat(codes).hasSizeLessThan(3);
    }
    assertThat(texts(id)).isEmpty();
  }

  @Test
  @DisplayName(
      "APP-10: a future that its caller ended is one whose caller does not know the outcome")
  void abandoned() {
    producer.append(event("first"));
    store.appends.hold();
    CompletableFuture<AppendResult> given = producer.appendAsync(event("a"));
    assertThat(given.completeExceptionally(new IllegalStateException("given up"))).isTrue();
    store.heal();
    assertThat(await(producer.appendAsync(event("a")))).isEqualTo(deduped(2, 2));
    assertThat(texts(id)).containsExactly("first", "a");
  }

  @Test
  @DisplayName("APP-9: to cancel a future withdraws the append, and those behind it")
  void cancelled() {
    producer.append(event("first"));
    store.appends.hold();
    List<CompletableFuture<AppendResult>> results = sendAll("a", "b", "c");
    assertThat(results.get(1).cancel(true)).isFalse();
    failure(Code.CANCELLED, results.get(1));
    store.heal();
    assertThat(await(results.get(0))).isEqualTo(appended(2));
    failure(Code.CANCELLED, results.get(2));
    assertThat(await(producer.appendAsync(event("d")))).isEqualTo(appended(3));
  }

  /** A blocking append of the producer that waits for the store, on a thread of its own. */
  private FutureTask<AppendResult> block(String text) {
    store.appends.hold();
    FutureTask<AppendResult> blocking = start(() -> producer.append(event(text)));
    await("it is in flight", () -> !store.appends.isEmpty());
    return blocking;
  }

  @Test
  @DisplayName("APP-9: an append that waits behind a blocking one can be cancelled")
  void cancelledInQueue() {
    FutureTask<AppendResult> a = block("a");
    List<CompletableFuture<AppendResult>> results = sendAll("b", "c", "d");
    results.get(1).cancel(false);
    failure(Code.CANCELLED, results.get(1));
    failure(Code.CANCELLED, results.get(2));
    store.heal();
    assertThat(await(a)).isEqualTo(appended(1));
    assertThat(await(results.get(0))).isEqualTo(appended(2));
    assertThat(await(producer.appendAsync(event("e")))).isEqualTo(appended(3));
  }

  @Test
  @DisplayName("APP-9: the time-out covers the waiting for a blocking append")
  void timesOutInQueue() {
    FutureTask<AppendResult> a = block("a");
    CompletableFuture<AppendResult> b = producer.appendAsync(event("b"), BRIEF);
    CompletableFuture<AppendResult> c = producer.appendAsync(event("c"));
    assertThat(failure(Code.CANCELLED, b)).hasMessageContaining("timed out");
    assertThat(failure(Code.CANCELLED, c)).hasMessageContaining("before this one");
    store.heal();
    assertThat(await(a)).isEqualTo(appended(1));
    assertThat(await(producer.appendAsync(event("d")))).isEqualTo(appended(2));
  }

  @Test
  @DisplayName("APP-10: blocking appends keep the order of calls among those that do not block")
  void mixed() {
    producer.append(event("first"));
    store.appends.hold();
    CompletableFuture<AppendResult> a = producer.appendAsync(event("a"));
    FutureTask<AppendResult> b = new FutureTask<>(() -> producer.append(event("b")));
    Thread thread = new Thread(b, "blocking");
    thread.setDaemon(true);
    thread.start();
    awaitBlocked(thread);
    CompletableFuture<AppendResult> c = producer.appendAsync(event("c"));
    store.heal();
    assertThat(await(a)).isEqualTo(appended(2));
    assertThat(await(b)).isEqualTo(appended(3));
    assertThat(await(c)).isEqualTo(appended(4));
  }

  @Test
  @DisplayName("APP-8: without room the future fails definitely, and the number stays free")
  void backpressure() {
    open(builder -> builder.maxPendingBytes(4 << 20));
    producer = log().producer(id, "p");
    producer.append(event("first"));
    store.appends.hold();
    List<CompletableFuture<AppendResult>> stored = new ArrayList<>();
    CompletableFuture<AppendResult> last = producer.appendAsync(sized(200_000));
    while (!last.isCompletedExceptionally()) {
      stored.add(last);
      assertThat(stored).hasSizeLessThan(100);
      last = producer.appendAsync(sized(200_000));
    }
    assertThat(failure(Code.BACKPRESSURE, last).isDefinite()).isTrue();
    assertThat(producer.nextProducerSeq()).isEqualTo(stored.size() + 2);
    store.heal();
    stored.forEach(AppendFixture::await);
    assertThat(await(producer.appendAsync(event("next"))).seq()).isEqualTo(stored.size() + 2);
  }

  @Test
  @DisplayName("APP-8: what waits for an earlier append is bounded")
  void boundedQueue() {
    FutureTask<AppendResult> a = block("a");
    List<CompletableFuture<AppendResult>> waiting = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      waiting.add(producer.appendAsync(sized(1_000_000)));
    }
    CompletableFuture<AppendResult> tooMuch = producer.appendAsync(sized(1_000_000));
    assertThat(failure(Code.BACKPRESSURE, tooMuch).isDefinite()).isTrue();
    assertUnanswered(waiting.toArray(new CompletableFuture<?>[0]));
    store.heal();
    await(a);
    waiting.forEach(each -> assertThat(each).succeedsWithin(Duration.ofSeconds(30)));
  }

  @Test
  @DisplayName("APP-9: callbacks may append, and unknown outcomes are resolved, on stuck executors")
  void stuckExecutor() throws Exception {
    ExecutorService one = Executors.newSingleThreadExecutor();
    CountDownLatch stuck = new CountDownLatch(1);
    try {
      closeLog();
      settings(builder -> builder.executor(one));
      id = newSession();
      producer = log().producer(id, "p");
      CompletableFuture<AppendResult> last =
          producer
              .appendAsync(event("a"))
              .thenApply(result -> producer.append(event("b")))
              .thenApply(result -> producer.appendAsync(event("c")).join());
      assertThat(await(last)).isEqualTo(appended(3));
      one.execute(() -> awaitEnd(stuck));
      unknown("d");
      CompletableFuture<AppendResult> e = producer.appendAsync(event("e"));
      store.heal();
      assertThat(e.get(30, TimeUnit.SECONDS)).isEqualTo(appended(5));
    } finally {
      stuck.countDown();
      closeLog();
      one.shutdown();
    }
  }

  private static void awaitEnd(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  @DisplayName("APP-10, ERR-3: no future stays open when the log is closed")
  void closed() {
    open(builder -> builder.closeTimeout(Duration.ofMillis(50)));
    producer = log().producer(id, "p");
    store.appends.hold();
    List<CompletableFuture<AppendResult>> results = sendAll("a", "b", "c");
    closeLog();
    failure(Code.OUTCOME_UNKNOWN, results.get(0));
    assertThat(failureOf(results.get(1)).isDefinite()).isTrue();
    assertThat(failureOf(results.get(2)).isDefinite()).isTrue();
    failure(Code.CLOSED, producer.appendAsync(event("d")));
  }

  @Test
  @DisplayName("APP-10: an event that cannot be sent takes no number")
  void unsendable() {
    failure(Code.INVALID, producer.appendAsync(sized(2 << 20)));
    failure(Code.INVALID, producer.appendAllAsync(List.of(), AppendOptions.defaults()));
    failure(Code.INVALID, () -> producer.appendAsync(numbered("p", 1)));
    failure(
        Code.INVALID,
        () -> producer.appendAsync(event("a"), AppendOptions.defaults().withIncarnation("other")));
    NewEvent none = null;
    assertThatNullPointerException().isThrownBy(() -> producer.appendAsync(none));
    assertThat(await(producer.appendAsync(event("a")))).isEqualTo(appended(1));
  }
}
