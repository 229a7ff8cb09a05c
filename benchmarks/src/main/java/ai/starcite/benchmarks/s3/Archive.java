package ai.starcite.benchmarks.s3;

import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.SessionLog;
import ai.starcite.Tail;
import ai.starcite.TailOptions;
import ai.starcite.benchmarks.measure.Figures;
import ai.starcite.benchmarks.peers.Entry;
import ai.starcite.benchmarks.peers.Payload;
import ai.starcite.benchmarks.peers.Starcite;
import ai.starcite.store.s3.S3Requests;
import ai.starcite.store.s3.S3SegmentStore;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** A large session after compaction: the requests that it takes to open and to replay it. */
final class Archive {
  private static final String SESSION = "archive";
  private static final int BATCH = 5_000;

  private final URI endpoint;
  private final int events;

  Archive(URI endpoint, int events) {
    this.endpoint = endpoint;
    this.events = events;
  }

  void measure(Figures figures) {
    S3SegmentStore writing = SlowS3.store(endpoint, SESSION).open();
    try (SessionLog log = SessionLog.open(writing)) {
      log.create(NewSession.ofId(SESSION));
      Payload payload = Payload.ofBytes(Linger.BYTES, 1);
      List<NewEvent> batch = new ArrayList<>();
      for (int i = 1; i <= events; i++) {
        batch.add(Starcite.event(new Entry(SESSION, "writer", i, payload)));
        if (batch.size() == BATCH || i == events) {
          log.appendAll(SESSION, batch);
          batch.clear();
        }
      }
      writing.maintain().toCompletableFuture().join();
    }
    S3SegmentStore opening = SlowS3.store(endpoint, SESSION).open();
    try (SessionLog log = SessionLog.open(opening)) {
      S3Requests before = opening.requests();
      long start = System.nanoTime();
      log.producerPosition(SESSION, "writer");
      figures.add("s3/open/ms", (System.nanoTime() - start) / 1e6);
      S3Requests opened = opening.requests();
      figures.add("s3/open/gets", opened.gets() - before.gets());
      figures.add("s3/open/lists", opened.lists() - before.lists());
    }
    S3SegmentStore reading = SlowS3.store(endpoint, SESSION).open();
    try (SessionLog log = SessionLog.open(reading);
        Tail tail = log.tail(SESSION, TailOptions.from(0).withoutFollowing())) {
      S3Requests before = reading.requests();
      long start = System.nanoTime();
      long count = 0;
      while (tail.hasNext()) {
        tail.next();
        count++;
      }
      if (count != events) {
        throw new IllegalStateException("saw " + count + " events of " + events);
      }
      figures.add("s3/replay/rate", count * 1e9 / (System.nanoTime() - start));
      figures.add("s3/replay/gets", reading.requests().gets() - before.gets());
    }
  }
}
