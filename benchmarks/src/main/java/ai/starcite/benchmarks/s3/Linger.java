package ai.starcite.benchmarks.s3;

import ai.starcite.NewSession;
import ai.starcite.SessionLog;
import ai.starcite.benchmarks.measure.Figures;
import ai.starcite.benchmarks.measure.Workload;
import ai.starcite.benchmarks.peers.Entry;
import ai.starcite.benchmarks.peers.Payload;
import ai.starcite.benchmarks.peers.Starcite;
import ai.starcite.store.s3.S3Requests;
import ai.starcite.store.s3.S3SegmentStore;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What an event costs in requests, compaction included, where ten sessions get 30 events a second
 * each, at a certain linger.
 */
final class Linger implements Workload {
  static final int EVENTS_A_SECOND = 30;
  static final int BYTES = 200;
  private static final int SESSIONS = 10;

  private final URI endpoint;
  private final int millis;
  private final Duration measured;

  Linger(URI endpoint, int millis, Duration measured) {
    this.endpoint = endpoint;
    this.millis = millis;
    this.measured = measured;
  }

  @Override
  public String name() {
    return "a linger of " + millis + " ms";
  }

  @Override
  public void measure(Figures figures) {
    Payload payload = Payload.ofBytes(BYTES, 1);
    S3SegmentStore store =
        SlowS3.store(endpoint, "linger-" + millis).linger(Duration.ofMillis(millis)).open();
    try (SessionLog log = SessionLog.open(store)) {
      for (int i = 0; i < SESSIONS; i++) {
        log.create(NewSession.ofId("session-" + i));
        log.append("session-" + i, Starcite.event(new Entry("session-" + i, "writer", 1, payload)));
      }
      S3Requests before = store.requests();
      List<CompletableFuture<?>> appends = new ArrayList<>();
      long gap = TimeUnit.SECONDS.toNanos(1) / (EVENTS_A_SECOND * SESSIONS);
      long start = System.nanoTime();
      long events = Math.max(SESSIONS, measured.toNanos() / gap);
      for (long i = 0; i < events; i++) {
        for (long early = 1; early > 0; ) {
          early = start + i * gap - System.nanoTime();
          LockSupport.parkNanos(early);
        }
        Entry entry = new Entry("session-" + i % SESSIONS, "writer", 2 + i / SESSIONS, payload);
        appends.add(log.appendAsync(entry.session(), Starcite.event(entry)));
      }
      CompletableFuture.allOf(appends.toArray(CompletableFuture[]::new)).join();
      note(figures, before, store.requests(), events);
    }
  }

  private void note(Figures figures, S3Requests before, S3Requests after, long events) {
    double millions = events / 1e6;
    String name = "s3/linger/" + millis + "/";
    figures.add(name + "puts", (after.puts() - before.puts()) / millions);
    figures.add(name + "gets", (after.gets() - before.gets()) / millions);
    figures.add(name + "lists", (after.lists() - before.lists()) / millions);
    figures.add(name + "written", (after.bytesWritten() - before.bytesWritten()) / millions);
  }
}
