package ai.starcite.benchmarks.replay;

import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.SessionLog;
import ai.starcite.benchmarks.measure.Figures;
import ai.starcite.benchmarks.measure.Latencies;
import ai.starcite.benchmarks.measure.Workload;
import ai.starcite.benchmarks.peers.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntFunction;

/**
 * Retries of events of any age, in a session of eight producers that wrote by turns of random
 * length; and how much another writer of that session appends beside eight clients that do nothing
 * but retry.
 */
final class OldRetries implements Workload {
  private static final String SESSION = "retried";
  private static final int PRODUCERS = 8;
  private static final int TIMES = 200;
  private static final long BESIDE_NANOS = 1_000_000_000;

  private final SessionLog log;
  private final int events;
  private final Random random = new Random(1);
  private final IntFunction<Payload> payloads = Recording.payloads();
  private final int[] written = new int[PRODUCERS];

  OldRetries(RecordedLog recording) {
    this.log = recording.log();
    this.events = recording.events();
  }

  /** Writes the session that is retried. */
  OldRetries prepare() {
    log.create(NewSession.ofId(SESSION));
    List<NewEvent> batch = new ArrayList<>();
    int left = events;
    while (left > 0) {
      int producer = random.nextInt(PRODUCERS);
      for (int turn = random.nextInt(1, 100); turn > 0 && left > 0; turn--, left--) {
        batch.add(event(producer, ++written[producer]));
      }
      if (batch.size() > Recording.BATCH || left == 0) {
        log.appendAll(SESSION, batch);
        batch.clear();
      }
    }
    return this;
  }

  private NewEvent event(int producer, int number) {
    return NewEvent.of("message", payloads.apply(number).json())
        .withProducer("producer-" + producer, number);
  }

  @Override
  public String name() {
    return "old events, retried";
  }

  @Override
  public void measure(Figures figures) throws InterruptedException {
    Latencies latencies = new Latencies();
    for (int i = 0; i < TIMES; i++) {
      long before = System.nanoTime();
      retry(random);
      latencies.add(System.nanoTime() - before);
    }
    figures.add("retry/p50", latencies.percentileMicros(50));
    figures.add("retry/p99", latencies.percentileMicros(99));
    double alone = appendsASecond();
    AtomicBoolean over = new AtomicBoolean();
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < PRODUCERS; i++) {
      Random own = new Random(random.nextLong());
      Thread client =
          new Thread(
              () -> {
                while (!over.get()) {
                  retry(own);
                }
              });
      client.start();
      clients.add(client);
    }
    figures.add("retry/beside", appendsASecond() / alone);
    over.set(true);
    for (Thread client : clients) {
      client.join();
    }
  }

  private void retry(Random draws) {
    int producer = draws.nextInt(PRODUCERS);
    int number = draws.nextInt(1, written[producer] + 1);
    if (!log.append(SESSION, event(producer, number)).deduped()) {
      throw new IllegalStateException("number " + number + " was appended again");
    }
  }

  private double appendsASecond() {
    NewEvent event = NewEvent.of("message", payloads.apply(0).json());
    long began = System.nanoTime();
    int count = 0;
    while (System.nanoTime() - began < BESIDE_NANOS) {
      log.append(SESSION, event);
      count++;
    }
    return count * 1e9 / (System.nanoTime() - began);
  }
}
