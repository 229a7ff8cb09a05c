package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.Event;
import ai.starcite.LogObserver;
import ai.starcite.NewEvent;
import ai.starcite.SessionLogException.Code;
import ai.starcite.Tail;
import ai.starcite.TailEnd;
import ai.starcite.TailOptions;
import ai.starcite.TailSubscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What tails cost, and that it is given back: clause TAIL-3, and TAIL-7 of what a close does. */
@OverMemory
class TailCostTest extends ReaderFixture {

  /** Counts what the log says of tails, pages and sessions. */
  private static final class Counts implements LogObserver {
    final AtomicInteger tailsOpened = new AtomicInteger();
    final ConcurrentHashMap<TailEnd, Integer> tailsEnded = new ConcurrentHashMap<>();
    final AtomicLong bytesRead = new AtomicLong();
    final AtomicInteger pagesRead = new AtomicInteger();
    final AtomicLong bytesCommitted = new AtomicLong();
    final Set<String> evicted = ConcurrentHashMap.newKeySet();

    @Override
    public void onTailOpened(String sessionId) {
      tailsOpened.incrementAndGet();
    }

    @Override
    public void onTailEnded(String sessionId, TailEnd end) {
      tailsEnded.merge(end, 1, Integer::sum);
    }

    @Override
    public void onPageRead(String sessionId, long bytes, Duration took) {
      bytesRead.addAndGet(bytes);
      pagesRead.incrementAndGet();
    }

    @Override
    public void onCommitted(String sessionId, int events, int bytes, Duration took) {
      bytesCommitted.addAndGet(bytes);
    }

    @Override
    public void onSessionEvicted(String sessionId) {
      evicted.add(sessionId);
    }
  }

  private Counts counted(int pageCacheBytes) {
    Counts counts = new Counts();
    settings(
        builder ->
            builder.observer(counts).pageCacheBytes(pageCacheBytes).sessionCacheBytes(1 << 20));
    return counts;
  }

  private void appendMany(String id, int batches, int batchSize) {
    NewEvent event = event("sixty-four bytes of text make a small event, as most of them are.");
    List<NewEvent> batch = Collections.nCopies(batchSize, event);
    for (int i = 0; i < batches; i++) {
      log().appendAll(id, batch);
    }
  }

  @Test
  @DisplayName("TAIL-3: a tail that nobody reads holds no events: it reads them from the store")
  void unreadTail() {
    int cache = 1 << 20;
    Counts counts = counted(cache);
    String id = sessionOf(5);
    try (Tail stuck = log().tail(id, 0);
        Tail dead = log().tail(id, 5)) {
      take(stuck, 3);

      appendMany(id, 100, 2_000);

      // The observer is told a little later.
      waitUntil(() -> counts.bytesCommitted.get() > 6L * cache);
      assertThat(counts.bytesRead.get()).as("read before anybody wants it").isLessThan(cache);
      long expected = 4;
      for (long left = 200_002; left > 0; left--) {
        assertThat(stuck.next().seq()).isEqualTo(expected++);
      }
      // What was not in the cache came from the store.
      waitUntil(() -> counts.bytesRead.get() > counts.bytesCommitted.get() - 2L * cache);
      assertThat(dead.next().seq()).isEqualTo(6);
    }
  }

  @Test
  @DisplayName("TAIL-3: a tail that keeps up reads nothing from the store")
  void keepingUp() {
    Counts counts = counted(8 << 20);
    String id = newSession();
    try (Tail tail = log().tail(id, 0)) {
      for (int i = 1; i <= 300; i++) {
        append(id, 3);
        assertThat(take(tail, 3).get(2).seq()).isEqualTo(3L * i);
      }
    }
    assertThat(counts.pagesRead).hasValue(0);
  }

  @Test
  @DisplayName("TAIL-3: tails that read the same old pages at the same time read them once")
  void sharedPages() {
    Counts counts = counted(64 << 20);
    String id = newSession();
    appendMany(id, 20, 1_000);
    List<InThread<Integer>> readers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      readers.add(start(() -> read(id).size()));
    }
    assertThat(readers).allSatisfy(reader -> assertThat(reader.result()).isEqualTo(20_000));
    assertThat(counts.bytesRead.get()).isLessThan(2 * counts.bytesCommitted.get());
  }

  @Test
  @DisplayName("TAIL-3: a batch larger than the whole cache is read, by old tails and live ones")
  void largerThanTheCache() {
    counted(1 << 20);
    String id = sessionOf(1);
    NewEvent large = event("x".repeat(500_000));
    try (Tail live = log().tail(id, 0)) {
      log().appendAll(id, Collections.nCopies(8, large));
      log().appendAll(id, Collections.nCopies(8, large));
      append(id, 1);

      assertThat(seqs(take(live, 18))).isEqualTo(range(1, 18));
      List<Event> cold = read(id);
      assertThat(seqs(cold)).isEqualTo(range(1, 18));
      assertThat(cold.get(16).payload()).isEqualTo(large.payload());
    }
  }

  @Test
  @DisplayName("TAIL-3: an executor that takes no tasks costs no tail and no writer anything")
  void rejectingExecutor() {
    settings(
        builder ->
            builder.executor(
                task -> {
                  throw new RejectedExecutionException("full");
                }));
    String id = newSession();
    List<InThread<Event>> readers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Tail tail = log().tail(id, 0);
      readers.add(start(tail::next));
    }
    readers.forEach(InThread::untilBlocked);

    assertThat(log().append(id, event("a")).seq()).isEqualTo(1);

    assertThat(readers).allSatisfy(reader -> assertThat(reader.result().seq()).isEqualTo(1));
    assertThat(log().append(id, event("b")).seq()).isEqualTo(2);
  }

  @Test
  @DisplayName("TAIL-7: every tail that is opened is ended once, in whatever way")
  void opensAndEnds() {
    Counts counts = counted(1 << 20);
    String id = sessionOf(3);
    for (int i = 0; i < 50; i++) {
      Tail tail = log().tail(id, i % 4);
      tail.poll(Duration.ZERO);
      tail.close();
      tail.close();
      tail.hasNext();
      read(id, TailOptions.from(0).withLimit(2));
    }
    Tail interrupted = log().tail(id, 3);
    InThread<Boolean> reader = start(interrupted::hasNext).untilBlocked();
    interrupted.close();
    reader.result();

    waitUntil(
        () ->
            counts.tailsOpened.get() == 101
                && counts.tailsEnded.equals(Map.of(TailEnd.CLOSED, 51, TailEnd.BOUND, 50)));

    Tail deleted = log().tail(id, 3);
    log().delete(id);
    failure(Code.SESSION_NOT_FOUND, deleted::next);
    deleted.close();
    waitUntil(() -> Integer.valueOf(1).equals(counts.tailsEnded.get(TailEnd.DELETED)));
    assertThat(counts.tailsEnded.get(TailEnd.CLOSED)).isEqualTo(51);
  }

  @Test
  @DisplayName("TAIL-7: an open tail keeps its session open, and a closed one lets it go")
  void sessionIsReleased() {
    Counts counts = counted(1 << 20);
    String id = sessionOf(2);
    Tail tail = log().tail(id, 0);
    Tail other = log().tail(id, 2);
    InThread<Event> waiting = start(other::next).untilBlocked();

    waitUntil(() -> othersAreEvicted(counts, 150));
    assertThat(counts.evicted).doesNotContain(id);
    append(id, 1);
    assertThat(seqs(take(tail, 3))).containsExactly(1L, 2L, 3L);
    assertThat(waiting.result().seq()).isEqualTo(3);

    tail.close();
    counts.evicted.clear();
    waitUntil(() -> othersAreEvicted(counts, 150));
    assertThat(counts.evicted).as("one tail is still open").doesNotContain(id);

    other.close();
    waitUntil(() -> othersAreEvicted(counts, 1) && counts.evicted.contains(id));
    assertThat(seqs(read(id))).containsExactly(1L, 2L, 3L);
  }

  @Test
  @DisplayName("TAIL-7: listeners and subscribers that were closed let the session go, however")
  void sessionIsReleased_pushed() {
    Counts counts = counted(1 << 20);
    String id = sessionOf(2);
    ExecutorService executor = Executors.newFixedThreadPool(2);
    List<Received> subscribers = new ArrayList<>();
    List<TailSubscription> listeners = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      long demand = i % 4;
      Received subscriber =
          new Received() {
            @Override
            long firstDemand() {
              return demand;
            }
          };
      log().publisher(id, TailOptions.from(0)).subscribe(subscriber);
      subscribers.add(subscriber);
      listeners.add(log().subscribe(id, TailOptions.from(i % 3), new Received(), executor));
    }
    waitUntil(() -> subscribers.stream().allMatch(each -> each.subscription() != null));

    listeners.forEach(TailSubscription::close);
    subscribers.subList(1, 40).forEach(each -> each.subscription().cancel());
    waitUntil(() -> othersAreEvicted(counts, 150));
    assertThat(counts.evicted).as("one subscriber is still there").doesNotContain(id);

    subscribers.get(0).subscription().cancel();
    waitUntil(() -> othersAreEvicted(counts, 1) && counts.evicted.contains(id));
    waitUntil(() -> counts.tailsEnded.containsKey(TailEnd.CLOSED));
    executor.shutdown();
  }

  /** Opens one more session; whether so many others were closed for it already. */
  private boolean othersAreEvicted(Counts counts, int others) {
    log().tail(newSession(), 0).close();
    return counts.evicted.size() >= others;
  }

  @Test
  @DisplayName("ERR-3: after the log is closed none of its threads is left")
  void noThreadStays() {
    Set<Thread> before = threads();
    String id = sessionOf(2);
    List<InThread<Object>> readers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Tail tail = log().tail(id, 2);
      readers.add(
          start(
                  () -> {
                    tail.forEachRemaining(event -> {});
                    return null;
                  })
              .untilBlocked());
    }
    log().appendAsync(id, event("a")).join();
    assertThat(threads()).as("threads have a name to be found by").isNotEqualTo(before);

    log().seal(id);
    readers.forEach(InThread::result);
    closeLog();

    waitUntil(() -> before.containsAll(threads()));
  }

  /** The threads of logs and stores that run. */
  private static Set<Thread> threads() {
    Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
    threads.removeIf(thread -> !thread.getName().startsWith("starcite-"));
    return threads;
  }
}
