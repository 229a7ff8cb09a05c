package ai.starcite.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.AppendResult;
import ai.starcite.Event;
import ai.starcite.NewEvent;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.Tail;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many threads that append to some sessions in every way at once (APP-2). */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class HistoryClauses extends AppendFixture {
  private static final int THREADS = 8;
  private static final int CALLS = 150;

  /** Counts calls and acknowledgements, so that it can be told which came first. */
  private final AtomicLong moment = new AtomicLong();

  private final Map<String, ConcurrentLinkedQueue<Acknowledged>> acknowledged = new HashMap<>();

  /** An event that is stored: when it was called and acknowledged, and by whom. */
  private record Acknowledged(long called, long answered, int thread, String text, long seq) {}

  @Test
  @DisplayName("APP-2: whoever appends and however, there is one order, and all agree on it")
  void oneOrder() {
    List<String> sessions = List.of(newSession(), newSession(), newSession());
    List<FutureTask<List<Event>>> tails = new ArrayList<>();
    for (String id : sessions) {
      acknowledged.put(id, new ConcurrentLinkedQueue<>());
      tails.add(start(() -> follow(id)));
      tails.add(start(() -> follow(id)));
    }
    List<FutureTask<Void>> writers = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      int thread = i;
      writers.add(
          start(
              () -> {
                new Writer(thread, sessions).run();
                return null;
              }));
    }
    writers.forEach(each -> await(each));
    for (int i = 0; i < sessions.size(); i++) {
      String id = sessions.get(i);
      log().seal(id);
      List<Event> stored = read(id);
      assertThat(await(tails.get(2 * i))).isEqualTo(stored);
      assertThat(await(tails.get(2 * i + 1))).isEqualTo(stored);
      List<Acknowledged> all = new ArrayList<>(acknowledged.get(id));
      assertStoredOnce(all, stored);
      assertRealTimeOrder(all);
      assertCallOrder(all);
    }
  }

  private List<Event> follow(String id) {
    List<Event> events = new ArrayList<>();
    try (Tail tail = log().tail(id, 0)) {
      tail.forEachRemaining(events::add);
    }
    return events;
  }

  private static void assertStoredOnce(List<Acknowledged> all, List<Event> stored) {
    assertThat(stored)
        .extracting(Event::seq)
        .containsExactlyElementsOf(LongStream.rangeClosed(1, stored.size()).boxed().toList());
    assertThat(all)
        .extracting(Acknowledged::seq)
        .as("acknowledged seqs")
        .containsExactlyInAnyOrderElementsOf(stored.stream().map(Event::seq).toList());
    all.forEach(each -> assertThat(text(stored.get((int) each.seq() - 1))).isEqualTo(each.text()));
    assertThat(stored).extracting(Event::insertedAtMicros).isSorted();
  }

  private static void assertRealTimeOrder(List<Acknowledged> all) {
    List<Acknowledged> byCall = new ArrayList<>(all);
    byCall.sort(Comparator.comparingLong(Acknowledged::called));
    List<Acknowledged> byAnswer = new ArrayList<>(all);
    byAnswer.sort(Comparator.comparingLong(Acknowledged::answered));
    long largest = 0;
    int next = 0;
    for (Acknowledged each : byCall) {
      while (byAnswer.get(next).answered() < each.called()) {
        largest = Math.max(largest, byAnswer.get(next++).seq());
      }
      assertThat(each.seq())
          .as("%s, called after seq %d was answered", each, largest)
          .isGreaterThan(largest);
    }
  }

  private static void assertCallOrder(List<Acknowledged> all) {
    for (int thread = 0; thread < THREADS; thread++) {
      int number = thread;
      assertThat(
              all.stream()
                  .filter(each -> each.thread() == number)
                  .sorted(Comparator.comparingLong(Acknowledged::called))
                  .map(Acknowledged::seq)
                  .toList())
          .isSorted();
    }
  }

  /** One thread that appends at random, to random sessions. */
  private final class Writer {
    private final int thread;
    private final List<String> sessions;
    private final Random random;
    private final Map<String, Long> numbers = new HashMap<>();
    private final Map<NewEvent, Long> seqs = new HashMap<>();
    private final List<CompletableFuture<?>> pending = new ArrayList<>();

    Writer(int thread, List<String> sessions) {
      this.thread = thread;
      this.sessions = sessions;
      this.random = new Random(thread);
    }

    void run() {
      for (int call = 0; call < CALLS; call++) {
        String id = sessions.get(random.nextInt(sessions.size()));
        switch (random.nextInt(6)) {
          case 0, 1 -> sendLater(id);
          case 2 -> batch(id);
          case 3 -> expect(id);
          default -> block(id);
        }
      }
      pending.forEach(each -> await(each));
    }

    private NewEvent next(String id) {
      long number = numbers.merge(id, 1L, Long::sum);
      return numbered("t" + thread, number);
    }

    private void note(String id, long called, NewEvent event, AppendResult result) {
      assertThat(result.deduped()).isFalse();
      String text = event.payload().members().get("text").as(String.class);
      acknowledged
          .get(id)
          .add(new Acknowledged(called, moment.incrementAndGet(), thread, text, result.seq()));
    }

    private void block(String id) {
      NewEvent event = next(id);
      long called = moment.incrementAndGet();
      AppendResult result = log().append(id, event);
      note(id, called, event, result);
      assertThat(log().append(id, event).seq()).as("of the retry").isEqualTo(result.seq());
    }

    private void sendLater(String id) {
      NewEvent event = next(id);
      long called = moment.incrementAndGet();
      var first = log().appendAsync(id, event);
      var retry = log().appendAsync(id, event);
      pending.add(first.thenAccept(result -> note(id, called, event, result)));
      pending.add(
          retry.thenAccept(
              result -> {
                assertThat(result.deduped()).isTrue();
                assertThat(result.seq()).isEqualTo(first.join().seq());
              }));
    }

    private void batch(String id) {
      List<NewEvent> events = List.of(next(id), next(id), next(id));
      long called = moment.incrementAndGet();
      List<AppendResult> results = log().appendAll(id, events);
      for (int i = 0; i < 3; i++) {
        assertThat(results.get(i).seq()).isEqualTo(results.get(0).seq() + i);
        note(id, called, events.get(i), results.get(i));
      }
    }

    private void expect(String id) {
      long expected = log().get(id).lastSeq().orElseThrow();
      NewEvent event = event("expecting " + thread + " " + moment.get());
      long called = moment.incrementAndGet();
      try {
        AppendResult result = log().append(id, event, expecting(expected));
        assertThat(result.seq()).isEqualTo(expected + 1);
        note(id, called, event, result);
      } catch (SessionLogException e) {
        assertThat(e.code()).isEqualTo(Code.EXPECTED_SEQ_CONFLICT);
        assertThat(e.currentSeq().orElse(0)).isGreaterThan(expected);
      }
    }
  }
}
