package ai.starcite.benchmarks.append;

import ai.starcite.benchmarks.measure.Figures;
import ai.starcite.benchmarks.measure.Latencies;
import ai.starcite.benchmarks.peers.Contender;
import ai.starcite.benchmarks.peers.Entry;
import ai.starcite.benchmarks.peers.Starcite;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Models that all answer at once: 1,000 sessions get 50 small deltas a second each. What counts is
 * whether that is kept up with, and how long a delta waits to be durable.
 */
final class TokenStorm extends Appending<Contender> {
  private static final int SESSIONS = 1_000;
  private static final int DELTAS_A_SECOND = 50;
  private static final int DELTA_BYTES = 64;

  /** So much may wait before those who send have to. */
  private static final int MOST_WAITING = 20_000;

  private final Payloads payloads = new Payloads(DELTA_BYTES);

  TokenStorm(Contender contender, Path directory, Duration measured) {
    super(contender, directory, "token storm", measured);
  }

  @Override
  void run(Contender.Store store, Figures figures, String name) throws Exception {
    for (int i = 0; i < SESSIONS; i++) {
      store.create("session-" + i);
    }
    long start = System.nanoTime();
    long counts = start + measured.toNanos() / 4;
    long end = counts + measured.toNanos();
    try (Submission submission =
        store instanceof Starcite.OpenLog open
            ? new Submission.ToLog(open.log(), MOST_WAITING)
            : new Submission.ToWriters(store, contender.writers(), MOST_WAITING)) {
      long gap = 1_000_000_000L / (SESSIONS * DELTAS_A_SECOND);
      Tally tally = new Tally(counts, end);
      long due = start;
      for (long i = 0; due < end; i++, due += gap) {
        long early = due - System.nanoTime();
        if (early > 100_000) {
          LockSupport.parkNanos(early);
        }
        String session = "session-" + i % SESSIONS;
        Entry delta = payloads.entry(session, "model", 1 + i / SESSIONS);
        long offered = due;
        submission.submit(delta, () -> tally.done(offered));
        if (System.nanoTime() > end) {
          break;
        }
      }
      submission.finish();
      tally.note(figures, name);
    }
  }

  /** What was durable in time, and how long after it was due. */
  private static final class Tally {
    private final Latencies latencies = new Latencies();
    private final long start;
    private final long end;

    Tally(long start, long end) {
      this.start = start;
      this.end = end;
    }

    synchronized void done(long due) {
      long now = System.nanoTime();
      if (now >= start && (now < end || latencies.count() == 0)) {
        latencies.add(now - due);
      }
    }

    synchronized void note(Figures figures, String name) {
      figures.add(name + "/rate", latencies.count() * 1e9 / (end - start));
      figures.add(name + "/p50", latencies.percentileMicros(50));
      figures.add(name + "/p99", latencies.percentileMicros(99));
    }
  }
}
