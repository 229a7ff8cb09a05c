package ai.starcite.benchmarks.hot;

import ai.starcite.AppendResult;
import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.SessionLog;
import ai.starcite.Tail;
import ai.starcite.TailOptions;
import ai.starcite.benchmarks.peers.Payload;
import ai.starcite.store.memory.MemorySegmentStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** Time per event, on the memory store and on one thread, with payloads of 256 bytes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class HotPaths {
  private static final int BATCH = 1_000;
  private static final int HISTORY = 10_000;
  private static final String TEXT = Payload.ofBytes(256, 1).text();

  /** So that a session does not outgrow the memory. */
  private static final int EVENTS_OF_A_SESSION = 200_000;

  private final NewEvent event = NewEvent.of("message", Json.parse(TEXT)).withAgent("drafter");
  private final NewEvent known = event.withProducer("known", 1);
  private SessionLog log;
  private String session;
  private String history;
  private Tail tail;
  private long number;

  /** Opens a log, with a session of some history. */
  @Setup(Level.Iteration)
  public void open() {
    log = SessionLog.builder(MemorySegmentStore.open()).pageCacheBytes(1 << 20).open();
    history = log.create(NewSession.defaults()).id();
    log.append(history, known);
    for (int i = 1; i < HISTORY; i += BATCH) {
      log.appendAll(history, batch(i));
    }
    begin();
  }

  private void begin() {
    if (session != null && tail != null) {
      tail.close();
      log.delete(session);
    }
    session = log.create(NewSession.defaults()).id();
    tail = log.tail(session, 0);
    number = 0;
  }

  /** Closes it. */
  @TearDown(Level.Iteration)
  public void close() {
    log.close();
    session = null;
    tail = null;
  }

  private List<NewEvent> batch(long first) {
    List<NewEvent> batch = new ArrayList<>(BATCH);
    for (int i = 0; i < BATCH; i++) {
      batch.add(event.withProducer("writer", first + i));
    }
    return batch;
  }

  private void count(int events) {
    number += events;
    if (number >= EVENTS_OF_A_SESSION) {
      begin();
    }
  }

  /** An append, from the call to its return. */
  @Benchmark
  public AppendResult append() {
    AppendResult result = log.append(session, event.withProducer("writer", number + 1));
    count(1);
    return result;
  }

  /** An append, and its event taken from a tail that waits for it. */
  @Benchmark
  public Event appendAndTail() {
    log.append(session, event.withProducer("writer", number + 1));
    Event delivered = tail.next();
    count(1);
    return delivered;
  }

  /** An event of a batch of 1,000: little else than to check, hash and encode it. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public List<AppendResult> encode() {
    List<AppendResult> results = log.appendAll(session, batch(number + 1));
    count(BATCH);
    return results;
  }

  /** An event of 10,000 that are replayed: little else than to decode it. */
  @Benchmark
  @OperationsPerInvocation(HISTORY)
  public void replay(Blackhole taken) {
    try (Tail replay =
        log.tail(history, TailOptions.from(0).withLimit(HISTORY).withoutFollowing())) {
      while (replay.hasNext()) {
        taken.consume(replay.next());
      }
    }
  }

  /** An append of an event that is known already. */
  @Benchmark
  public AppendResult dedupe() {
    AppendResult result = log.append(history, known);
    if (!result.deduped()) {
      throw new IllegalStateException("a known event was appended again");
    }
    return result;
  }

  /** The check of a payload, once for each that is made. */
  @Benchmark
  public Json parse() {
    return Json.parse(TEXT);
  }
}
