package ai.starcite.benchmarks.s3;

import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.SessionLog;
import ai.starcite.benchmarks.measure.Figures;
import ai.starcite.store.s3.S3Requests;
import ai.starcite.store.s3.S3SegmentStore;
import java.net.URI;

/** A log with open sessions that nobody reads or writes, while other things are measured. */
final class Idle implements AutoCloseable {
  private static final int SESSIONS = 10;

  private final S3SegmentStore store;
  private final SessionLog log;
  private long start;
  private long before;

  Idle(URI endpoint) {
    store = SlowS3.store(endpoint, "idle").open();
    log = SessionLog.open(store);
    for (int i = 0; i < SESSIONS; i++) {
      String session = log.create(NewSession.defaults()).id();
      log.append(session, NewEvent.of("message", Json.parse("{}")));
    }
  }

  /** Counts from now on, when the appends are some time ago. */
  void begin() {
    start = System.nanoTime();
    before = sum();
  }

  /** Notes the requests since then. */
  void note(Figures figures) {
    double minutes = (System.nanoTime() - start) / 60e9;
    figures.add("s3/idle/minutes", minutes);
    figures.add("s3/idle/requests", sum() - before);
  }

  private long sum() {
    S3Requests requests = store.requests();
    return requests.puts() + requests.gets() + requests.lists() + requests.deletes();
  }

  @Override
  public void close() {
    log.close();
  }
}
