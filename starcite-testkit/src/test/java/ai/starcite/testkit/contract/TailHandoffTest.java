package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.AppendOptions;
import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.SessionLog;
import ai.starcite.Tail;
import ai.starcite.TailEnd;
import ai.starcite.TailOptions;
import ai.starcite.TailSubscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/**
 * The seam that is not there, looked for at random: writers append while tails are opened at every
 * moment and cursor, read in every way, fast and slow, are closed in the middle and resumed. The
 * cache of pages is far smaller than what is written, so that tails are thrown back to the store.
 *
 * <p>A failure names its seed; {@code -Dstarcite.seed=…} repeats what is random, though not how
 * threads interleave.
 */
@OverMemory
class TailHandoffTest extends ReaderFixture {
  private static final int ROUNDS = 6;
  private static final int READERS = 6;
  private static final int WRITERS = 2;
  private static final int EVENTS_PER_WRITER = 900;
  private static final List<String> TYPES = List.of("content", "status", "tool_call");

  private SessionLog log;
  private String id;
  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicBoolean failed = new AtomicBoolean();

  @RepeatedTest(ROUNDS)
  @DisplayName("TAIL-1: a slice without holes or repeats, whatever the moment, cursor and pace")
  void handoff(RepetitionInfo repetition) {
    long seed = Long.getLong("starcite.seed", System.nanoTime());
    try {
      handoff(new Random(seed + repetition.getCurrentRepetition()));
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError("with -Dstarcite.seed=" + seed, e);
    }
  }

  private void handoff(Random random) {
    settings(builder -> builder.pageCacheBytes(1 << 20));
    log = log();
    id = newSession();
    List<InThread<List<Event>>> readers = new ArrayList<>();
    List<TailOptions> filters = new ArrayList<>();
    for (int i = 0; i < READERS; i++) {
      TailOptions filter = i < READERS / 2 ? TailOptions.from(0) : filter(random);
      Reader reader = new Reader(new Random(random.nextLong()), filter);
      filters.add(filter);
      readers.add(start(() -> orSayFailed(reader::readToTheEnd)));
    }
    List<InThread<Void>> openers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Random own = new Random(random.nextLong());
      openers.add(start(() -> orSayFailed(() -> openEverywhere(own))));
    }
    List<InThread<Void>> writers = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      Random own = new Random(random.nextLong());
      writers.add(start(() -> orSayFailed(() -> write(own))));
    }
    writers.forEach(InThread::result);
    log.append(id, event("last"), AppendOptions.defaults().withSeal());

    List<Event> all = read(id);
    assertThat(seqs(all)).isEqualTo(range(1, (long) WRITERS * EVENTS_PER_WRITER + 1));
    for (int i = 0; i < READERS; i++) {
      TailOptions filter = filters.get(i);
      assertThat(readers.get(i).result())
          .as("what reader %d saw through %s", i, filter)
          .isEqualTo(all.stream().filter(event -> passes(event, filter)).toList());
    }
    openers.forEach(InThread::result);
  }

  private static TailOptions filter(Random random) {
    TailOptions filter = TailOptions.from(0).withTypes(TYPES.get(random.nextInt(3)));
    return random.nextBoolean() ? filter.withAgents("x0", "x1") : filter.withTypes("status");
  }

  private static boolean passes(Event event, TailOptions filter) {
    return (filter.types().isEmpty() || filter.types().contains(event.type()))
        && (filter.actors().isEmpty()
            || event.actor().filter(filter.actors()::contains).isPresent());
  }

  private <T> T orSayFailed(Callable<T> task) throws Exception {
    try {
      return task.call();
    } catch (Exception | AssertionError e) {
      failed.set(true);
      throw e;
    }
  }

  // ---- Writers.

  private Void write(Random random) {
    List<CompletableFuture<?>> underWay = new ArrayList<>();
    int left = EVENTS_PER_WRITER;
    while (left > 0 && !failed.get()) {
      List<NewEvent> events = new ArrayList<>();
      for (int i = Math.min(left, 1 + random.nextInt(12)); i > 0; i--) {
        events.add(large(random));
      }
      left -= events.size();
      if (random.nextInt(3) > 0) {
        underWay.add(log.appendAllAsync(id, events, AppendOptions.defaults()));
      } else {
        log.appendAll(id, events).forEach(each -> acknowledge(each.seq()));
      }
      if (underWay.size() > 8 || left == 0) {
        CompletableFuture.allOf(underWay.toArray(CompletableFuture[]::new)).join();
        underWay.clear();
      }
    }
    return null;
  }

  private void acknowledge(long seq) {
    acknowledged.accumulateAndGet(seq, Math::max);
  }

  private static NewEvent large(Random random) {
    String text = String.valueOf((char) ('a' + random.nextInt(26))).repeat(random.nextInt(6_000));
    NewEvent event = NewEvent.of(TYPES.get(random.nextInt(3)), Json.encode(Map.of("text", text)));
    return random.nextInt(3) == 0 ? event : event.withAgent("x" + random.nextInt(4));
  }

  // ---- Readers.

  /** Opens short tails from any cursor until the session is sealed. */
  private Void openEverywhere(Random random) {
    while (!failed.get()) {
      long head = acknowledged.get();
      long cursor = random.nextInt(4) == 0 ? head : (long) (random.nextDouble() * head);
      TailOptions options = TailOptions.from(cursor).withoutFollowing();
      boolean bounded = random.nextBoolean();
      int limit = 1 + random.nextInt(300);
      try (Tail tail = log.tail(id, bounded ? options.withLimit(limit) : options)) {
        long after = log.get(id).lastSeq();
        List<Long> seen = seqs(drain(tail));
        assertThat(seen).isEqualTo(range(cursor + 1, cursor + seen.size()));
        long least = bounded ? Math.min(head, cursor + limit) : head;
        long most = bounded ? Math.min(after, cursor + limit) : after;
        assertThat(cursor + seen.size()).as("where it ends").isBetween(least, most);
        if (tail.end().equals(Optional.of(TailEnd.SEALED))) {
          return null;
        }
        assertThat(tail.end()).contains(TailEnd.BOUND);
      }
    }
    return null;
  }

  /** Reads from 0 to the seal, in as many tails as it likes. */
  private final class Reader {
    private final Random random;
    private final TailOptions filter;
    private final List<Event> seen = new ArrayList<>();

    Reader(Random random, TailOptions filter) {
      this.random = random;
      this.filter = filter;
    }

    List<Event> readToTheEnd() {
      long cursor = 0;
      boolean complete = false;
      while (!complete && !failed.get()) {
        long next;
        TailOptions options = filter.withCursor(cursor);
        if (random.nextInt(3) == 0) {
          Piece piece = new Piece();
          complete = random.nextBoolean() ? piece.listen(options) : piece.subscribe(options);
          next = piece.cursor();
        } else {
          try (Tail tail = log.tail(id, options)) {
            complete = readFor(tail, 1 + random.nextInt(400));
            next = tail.cursor().seq();
          }
        }
        assertThat(next).isGreaterThanOrEqualTo(cursor);
        cursor = next;
      }
      return seen;
    }

    /** A part of what is read, pushed by a tail that is closed in the middle. */
    private final class Piece extends Received {
      private final int most = 1 + random.nextInt(400);
      private final ExecutorService executor = Executors.newSingleThreadExecutor();
      private TailSubscription tail;
      private long reached;
      private boolean left;
      private boolean complete;

      @Override
      synchronized void handle(Event event) {
        // What is handed over while the tail is being closed is for the next one.
        if (!left) {
          see(event);
          reached = event.seq();
        }
      }

      private synchronized void leave() {
        reached = Math.max(reached, tail.cursor().seq());
        complete = isCompleted() || end() == TailEnd.SEALED;
        left = true;
      }

      @Override
      long firstDemand() {
        return 1 + random.nextInt(3);
      }

      /** True if the tail is complete. */
      boolean listen(TailOptions options) {
        tail = log.subscribe(id, options, this, executor);
        return closeAfterSome();
      }

      boolean subscribe(TailOptions options) {
        log.publisher(id, options).subscribe(this);
        waitUntil(() -> subscription() != null || isOver());
        tail = tail();
        return closeAfterSome();
      }

      private boolean closeAfterSome() {
        // By the clock, since there may be nothing to come that passes the filter.
        long until = System.nanoTime() + 20_000_000L + random.nextInt(20_000_000);
        while (!isOver() && System.nanoTime() - until < 0 && events().size() < most) {
          if (subscription() != null) {
            subscription().request(1 + random.nextInt(20));
          }
          Thread.onSpinWait();
        }
        leave();
        tail.close();
        executor.shutdown();
        requireOrderly();
        assertThat(failure()).isNull();
        assertThat(tail.end().get()).isIn(TailEnd.SEALED, TailEnd.CLOSED);
        return complete;
      }

      long cursor() {
        return reached;
      }
    }

    /** Reads some events in mixed ways; true if the tail is complete. */
    private boolean readFor(Tail tail, int steps) {
      Duration patience = Duration.ofMillis(20);
      for (int i = 0; i < steps && !failed.get(); i++) {
        switch (random.nextInt(6)) {
          case 0 -> tail.poll(Duration.ZERO).ifPresent(this::see);
          case 1 -> tail.poll(1 + random.nextInt(50), patience).forEach(this::see);
          case 2 -> dawdle();
          default -> tail.poll(patience).ifPresent(this::see);
        }
        if (tail.end().isPresent()) {
          assertThat(tail.end()).contains(TailEnd.SEALED);
          return true;
        }
      }
      if (random.nextBoolean() && tail.poll(Duration.ZERO).map(this::see).isPresent()) {
        // A found event that is not taken is delivered to the tail that comes next.
        InThread<Boolean> closer = start(() -> closeNow(tail));
        tail.hasNext();
        closer.result();
      }
      return false;
    }

    private boolean see(Event event) {
      assertThat(event.seq()).isGreaterThan(seen.isEmpty() ? 0 : seen.get(seen.size() - 1).seq());
      if (random.nextInt(20) == 0) {
        // Read from the store itself, past all that the log knows.
        assertThat(log.get(id).lastSeq())
            .as("TAIL-2: the last durable event when %d was seen", event.seq())
            .isGreaterThanOrEqualTo(event.seq());
      }
      return seen.add(event);
    }

    private void dawdle() {
      for (int i = random.nextInt(20_000); i > 0; i--) {
        Thread.onSpinWait();
      }
    }
  }

  private static boolean closeNow(Tail tail) {
    tail.close();
    return true;
  }
}
