package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.AppendOptions;
import ai.starcite.AppendResult;
import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.Producer;
import ai.starcite.SessionLog;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.SessionUpdate;
import ai.starcite.TailOptions;
import ai.starcite.spi.Rejected;
import ai.starcite.store.memory.MemorySegmentStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Retries of a producer's events: alone, cut, merged, and among the events of others. */
class ProducerRetryTest extends FaultFixture {
  private static final AppendOptions BRIEF =
      AppendOptions.defaults().withTimeout(Duration.ofMillis(20));

  private Producer producer;

  @BeforeEach
  void open() {
    producer = log().producer(id, "p");
  }

  private static List<NewEvent> events(String... texts) {
    return Arrays.stream(texts).map(AppendFixture::event).toList();
  }

  /** Appends events whose outcome stays unknown, and is decided afterwards. */
  private void unknown(boolean stored, String... texts) {
    store.appends.hold();
    failure(Code.OUTCOME_UNKNOWN, () -> producer.appendAll(events(texts), BRIEF));
    if (!stored) {
      store.appends.next().answer(ScriptedFaults.REJECTED);
    }
    store.heal();
  }

  @Test
  @DisplayName("APP-10: a retry keeps its number, though another event was appended meanwhile")
  void othersInBetween() {
    unknown(true, "a");
    assertThat(producer.append(event("b"))).isEqualTo(appended(2));
    assertThat(producer.append(event("a"))).isEqualTo(deduped(1, 2));
    assertThat(texts(id)).containsExactly("a", "b");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @DisplayName("APP-10: a batch is retried in part")
  void cut(boolean stored) {
    unknown(stored, "a", "b");
    AppendResult b = producer.append(event("b"));
    assertThat(b.deduped()).isEqualTo(stored);
    assertThat(producer.append(event("a")).deduped()).isEqualTo(stored);
    assertThat(texts(id)).containsExactlyInAnyOrder("a", "b");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @DisplayName("APP-10: retries are merged with new events")
  void merged(boolean stored) {
    unknown(stored, "a", "b");
    List<AppendResult> results =
        producer.appendAll(events("b", "c", "a"), AppendOptions.defaults());
    assertThat(results).extracting(AppendResult::deduped).containsExactly(stored, false, stored);
    assertThat(texts(id)).containsExactlyInAnyOrder("a", "b", "c");
  }

  @Test
  @DisplayName("APP-10: a buffer that coalesces its rest retries what it sends unchanged")
  void coalesced() {
    unknown(true, "a", "b", "c");
    List<AppendResult> results = producer.appendAll(events("a", "bc"), AppendOptions.defaults());
    assertThat(results).extracting(AppendResult::seq).containsExactly(1L, 4L);
    assertThat(texts(id)).containsExactly("a", "b", "c", "bc");
  }

  @Test
  @DisplayName("APP-10: the same content is a retry however its JSON is written")
  void sameValue() {
    store.appends.hold();
    NewEvent first = NewEvent.of("e", Json.parse("{\"a\":1,\"b\":[2.0]}"));
    failure(Code.OUTCOME_UNKNOWN, () -> producer.append(first, BRIEF));
    store.heal();
    NewEvent again = NewEvent.of("e", Json.parse("{ \"b\": [2], \"a\": 1.0 }"));
    assertThat(producer.append(again)).isEqualTo(deduped(1, 1));
    assertThat(producer.append(again)).isEqualTo(appended(2));
  }

  @Test
  @DisplayName("APP-10: of two equal events in a batch each is retried once")
  void equalEvents() {
    unknown(true, "a", "a");
    assertThat(producer.append(event("a"))).isEqualTo(deduped(1, 2));
    assertThat(producer.append(event("a"))).isEqualTo(deduped(2, 2));
    assertThat(producer.append(event("a"))).isEqualTo(appended(3));
  }

  @Test
  @DisplayName("APP-10, SES-8: an event that seals is no retry of one that does not")
  void sealing() {
    store.appends.hold();
    failure(Code.OUTCOME_UNKNOWN, () -> producer.append(event("a"), BRIEF.withSeal()));
    store.heal();
    failure(Code.SESSION_SEALED, () -> producer.append(event("a")));
    assertThat(producer.append(event("a"), AppendOptions.defaults().withSeal()))
        .isEqualTo(deduped(1, 1));
  }

  @Test
  @DisplayName("APP-7: a retry that does not get its turn, or is interrupted, is still unknown")
  void stillUnknown() throws Exception {
    store.appends.hold();
    failure(Code.OUTCOME_UNKNOWN, () -> producer.append(event("a"), BRIEF));
    SessionLogException late =
        failure(Code.OUTCOME_UNKNOWN, () -> producer.append(event("a"), BRIEF));
    assertThat(late.isDefinite()).isFalse();
    AppendOptions noTime = AppendOptions.defaults().withTimeout(Duration.ofNanos(1));
    failure(Code.OUTCOME_UNKNOWN, () -> producer.append(event("a"), noTime));
    assertThat(failure(Code.STORE_UNAVAILABLE, () -> producer.append(event("b"), BRIEF)))
        .as("nothing was ever tried of it")
        .matches(SessionLogException::isDefinite);
    Thread.currentThread().interrupt();
    failure(Code.OUTCOME_UNKNOWN, () -> producer.append(event("a")));
    assertThat(Thread.interrupted()).isTrue();
    FutureTask<AppendResult> other = start(() -> producer.append(event("a")));
    await("it has the turn", () -> !other.isDone() && other != null);
    Thread.currentThread().interrupt();
    failure(Code.OUTCOME_UNKNOWN, () -> producer.append(event("a")));
    assertThat(Thread.interrupted()).isTrue();
    store.heal();
    assertThat(await(other)).isEqualTo(deduped(1, 1));
    assertThat(texts(id)).containsExactly("a");
  }

  @Test
  @DisplayName("APP-7: a retry that is refused says so, once its first attempt is known to be void")
  void refusedRetry() {
    unknown(false, "a");
    log().append(id, event("other"));
    failure(Code.EXPECTED_SEQ_CONFLICT, () -> producer.append(event("a"), expecting(0)));
    assertThat(producer.append(event("b"))).isEqualTo(appended(2));
    assertThat(producer.append(event("a"))).isEqualTo(appended(3));
  }

  @Test
  @DisplayName("APP-7: after the log was closed the outcome of a retry is unknown")
  void closed() {
    store.appends.hold();
    failure(Code.OUTCOME_UNKNOWN, () -> producer.append(event("a"), BRIEF));
    store.heal();
    closeLog();
    failure(Code.OUTCOME_UNKNOWN, () -> producer.append(event("a")));
    failure(Code.CLOSED, () -> producer.append(event("b")));
  }

  @Test
  @DisplayName("SES-7: a producer belongs to the life that it was made in")
  void slept() {
    producer.append(event("old"));
    log().delete(id);
    failure(Code.SESSION_NOT_FOUND, () -> producer.append(event("late")));
    log().create(NewSession.ofId(id));
    failure(Code.SESSION_NOT_FOUND, () -> producer.append(event("late")));
    Producer fresh = log().producer(id, "p");
    assertThat(fresh.append(event("new"))).isEqualTo(appended(1));
    failure(Code.SESSION_NOT_FOUND, () -> producer.append(event("late")));
    assertThat(fresh.append(event("newer"))).isEqualTo(appended(2));
    assertThat(texts(id)).containsExactly("new", "newer");
  }

  @Test
  @DisplayName("SES-7: an append that demands an incarnation writes to no other life")
  void incarnation() {
    String first = log().get(id).incarnation();
    AppendOptions demand = AppendOptions.defaults().withIncarnation(first);
    assertThat(log().append(id, event("a"), demand)).isEqualTo(appended(1));
    log().delete(id);
    log().create(NewSession.ofId(id));
    failure(Code.SESSION_NOT_FOUND, () -> log().append(id, event("b"), demand));
    failure(Code.SESSION_NOT_FOUND, log().appendAsync(id, event("b"), demand));
    failure(Code.SESSION_NOT_FOUND, () -> log().producerPosition(id, "p", demand));
    log().update(id, SessionUpdate.defaults().withTitle("t"));
    assertThat(texts(id)).isEmpty();
    assertThat(log().append(id, event("c"))).isEqualTo(appended(1));
  }

  @Test
  @DisplayName("SES-7: a deletion by another process is met by the producer of the old life")
  void deletedElsewhere() {
    MemorySegmentStore objects = MemorySegmentStore.openShared();
    try (SessionLog one = SessionLog.builder(objects).closesStore(false).open();
        SessionLog two = SessionLog.builder(objects).closesStore(false).open()) {
      String session = one.create(NewSession.ofId("s")).id();
      Producer old = one.producer(session, "p");
      old.append(event("old"));
      two.delete(session);
      String life = two.create(NewSession.ofId("s")).incarnation();
      failure(Code.SESSION_NOT_FOUND, () -> old.append(event("late")));
      AppendOptions demand = AppendOptions.defaults().withIncarnation(life);
      assertThat(one.append(session, event("new"), demand)).isEqualTo(appended(1));
    }
  }

  @Test
  @DisplayName("APP-10: a storm of threads, time-outs, interrupts and regrouped batches: each once")
  void storm() throws Exception {
    int threads = 4;
    int rounds = Integer.getInteger("starcite.storm.rounds", 300);
    store.next();
    ConcurrentLinkedQueue<String> acknowledged = new ConcurrentLinkedQueue<>();
    List<FutureTask<Integer>> running = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      String name = "t" + t;
      running.add(start(() -> storm(name, rounds, acknowledged)));
    }
    running.forEach(ProducerRetryTest::finish);
    List<String> stored = new ArrayList<>();
    try (var tail = log().tail(id, TailOptions.from(0).withoutFollowing())) {
      for (Event event : tail) {
        stored.add(event.payload().toString());
      }
    }
    assertThat(stored).as("no event twice").doesNotHaveDuplicates();
    Set<String> all = new HashSet<>(stored);
    assertThat(all).as("no acknowledged event lost").containsAll(acknowledged);
    assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(threads * rounds);
    assertThat(all).hasSameSizeAs(acknowledged);
  }

  private static <T> T finish(FutureTask<T> task) {
    try {
      return task.get();
    } catch (Exception e) {
      throw new AssertionError("a thread of the storm failed", e);
    }
  }

  /** Appends events of its own until all are acknowledged, in batches that change shape. */
  private int storm(String name, int rounds, ConcurrentLinkedQueue<String> acknowledged) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    for (int round = 0; round < rounds; round++) {
      List<NewEvent> open = new ArrayList<>();
      for (int i = random.nextInt(1, 6); i > 0; i--) {
        open.add(event(name + "-" + round + "-" + i));
      }
      while (!open.isEmpty()) {
        List<NewEvent> part = new ArrayList<>(open.subList(0, random.nextInt(1, open.size() + 1)));
        if (random.nextInt(10) == 0) {
          Collections.shuffle(part, new Random(round));
        }
        AppendOptions options = AppendOptions.defaults();
        switch (random.nextInt(10)) {
          case 0 -> options = options.withTimeout(Duration.ofNanos(random.nextInt(1, 2_000_000)));
          case 1 -> Thread.currentThread().interrupt();
          case 2 -> store.next(ScriptedFaults.writingAndAnswering(ScriptedFaults.INDEFINITE));
          case 3 -> store.next(ScriptedFaults.answering(ScriptedFaults.INDEFINITE));
          case 4 -> store.next(ScriptedFaults.answering(new Rejected(ScriptedFaults.CAUSE)));
          default -> {}
        }
        try {
          producer.appendAll(part, options);
          part.forEach(event -> acknowledged.add(event.payload().toString()));
          open.removeAll(part);
        } catch (SessionLogException e) {
          assertThat(e.isRetryable()).as("%s", e).isTrue();
        } finally {
          Thread.interrupted();
        }
      }
    }
    return rounds;
  }
}
