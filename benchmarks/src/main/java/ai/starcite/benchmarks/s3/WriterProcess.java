package ai.starcite.benchmarks.s3;

import ai.starcite.SessionLog;
import ai.starcite.benchmarks.measure.Figures;
import ai.starcite.benchmarks.measure.Latencies;
import ai.starcite.benchmarks.peers.Entry;
import ai.starcite.benchmarks.peers.Payload;
import ai.starcite.benchmarks.peers.Starcite;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** One of several processes that append to a session at a certain rate, without waiting. */
public final class WriterProcess {
  static final String SESSION = "shared";
  private static final long WARM_UP_NANOS = TimeUnit.SECONDS.toNanos(2);

  private WriterProcess() {}

  /** Appends, once the file is there that says so; the first seconds are not counted. */
  public static void main(String[] arguments) throws Exception {
    URI endpoint = URI.create(arguments[0]);
    String producer = arguments[2];
    int rate = Integer.parseInt(arguments[3]);
    int events = Integer.parseInt(arguments[4]) * rate;
    Path result = Path.of(arguments[5]);
    Path go = Path.of(arguments[6]);
    try (SessionLog log = SessionLog.open(SlowS3.store(endpoint, arguments[1]).open())) {
      log.producerPosition(SESSION, producer);
      Files.createFile(ready(result));
      while (!Files.exists(go)) {
        LockSupport.parkNanos(1_000_000);
      }
      append(log, producer, rate, events).write(result);
    }
  }

  /** The file that says that a process is ready. */
  static Path ready(Path result) {
    return result.resolveSibling(result.getFileName() + ".ready");
  }

  private static Figures append(SessionLog log, String producer, int rate, int events) {
    Payload payload = Payload.ofBytes(Linger.BYTES, 1);
    Latencies latencies = new Latencies();
    List<CompletableFuture<?>> appends = new ArrayList<>();
    long gap = TimeUnit.SECONDS.toNanos(1) / rate;
    long start = System.nanoTime();
    long end = start + events * gap;
    long warm = start + Math.min((end - start) / 4, WARM_UP_NANOS);
    AtomicInteger acknowledged = new AtomicInteger();
    for (int i = 0; i < events; i++) {
      long due = start + i * gap;
      for (long early = 1; early > 0; ) {
        early = due - System.nanoTime();
        LockSupport.parkNanos(early);
      }
      boolean counts = due >= warm;
      appends.add(
          log.appendAsync(SESSION, Starcite.event(new Entry(SESSION, producer, i + 1, payload)))
              .thenRun(
                  () -> {
                    long now = System.nanoTime();
                    if (counts) {
                      synchronized (latencies) {
                        latencies.add(now - due);
                      }
                    }
                    if (now >= warm && now < end) {
                      acknowledged.incrementAndGet();
                    }
                  }));
    }
    CompletableFuture.allOf(appends.toArray(CompletableFuture[]::new)).join();
    Figures figures = new Figures();
    figures.add("rate", acknowledged.get() * 1e9 / (end - warm));
    figures.add("p50", latencies.percentileMicros(50));
    figures.add("p99", latencies.percentileMicros(99));
    return figures;
  }
}
