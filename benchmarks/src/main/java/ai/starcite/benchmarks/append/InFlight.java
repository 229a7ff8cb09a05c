package ai.starcite.benchmarks.append;

import ai.starcite.SessionLog;
import ai.starcite.benchmarks.measure.Figures;
import ai.starcite.benchmarks.peers.Contender;
import ai.starcite.benchmarks.peers.Starcite;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/** One thread that keeps thousands of asynchronous appends in flight. */
final class InFlight extends Appending<Starcite> {
  private static final int EVENTS = 8_000;

  private final Payloads payloads;

  InFlight(Starcite contender, Path directory, int bytes, Duration measured) {
    super(contender, directory, "8,000 in flight/" + bytes, measured);
    this.payloads = new Payloads(bytes);
  }

  @Override
  void run(Contender.Store store, Figures figures, String name) throws Exception {
    store.create("session");
    SessionLog log = ((Starcite.OpenLog) store).log();
    Semaphore free = new Semaphore(EVENTS);
    AtomicReference<Throwable> failed = new AtomicReference<>();
    long number = append(log, free, failed, 0, measured.toNanos() / 4);
    long start = System.nanoTime();
    long last = append(log, free, failed, number, measured.toNanos());
    figures.add(name + "/rate", (last - number) * 1e9 / (System.nanoTime() - start));
    if (failed.get() != null) {
      throw new IllegalStateException("an append failed", failed.get());
    }
  }

  /** Appends for a while, and waits for what is in flight. */
  private long append(
      SessionLog log, Semaphore free, AtomicReference<Throwable> failed, long last, long nanos)
      throws InterruptedException {
    long number = last;
    long end = System.nanoTime() + nanos;
    do {
      free.acquire();
      log.appendAsync("session", Starcite.event(payloads.entry("session", "writer", ++number)))
          .whenComplete(
              (result, failure) -> {
                if (failure != null) {
                  failed.set(failure);
                }
                free.release();
              });
    } while (System.nanoTime() < end);
    free.acquire(EVENTS);
    free.release(EVENTS);
    return number;
  }
}
