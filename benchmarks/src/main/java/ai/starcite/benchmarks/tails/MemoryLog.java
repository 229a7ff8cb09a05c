package ai.starcite.benchmarks.tails;

import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.SessionLog;
import ai.starcite.TailOptions;
import ai.starcite.store.memory.MemorySegmentStore;
import java.util.Collections;
import java.util.concurrent.Flow;

/**
 * A log in memory with one session, so that what is measured is the log and not its store.
 *
 * @param log the log
 * @param session the session's id
 */
record MemoryLog(SessionLog log, String session) implements AutoCloseable {
  static final NewEvent EVENT =
      NewEvent.of("text_delta", Json.parse("{\"text\":\"" + "x".repeat(200) + "\"}"))
          .withAgent("drafter");

  static MemoryLog open() {
    SessionLog log = SessionLog.open(MemorySegmentStore.open());
    return new MemoryLog(log, log.create(NewSession.defaults()).id());
  }

  void append(int events) {
    for (int left = events; left > 0; left -= 1_000) {
      log.appendAll(session, Collections.nCopies(Math.min(1_000, left), EVENT));
    }
  }

  void tail(long cursor, Flow.Subscriber<Event> subscriber) {
    log.publisher(session, TailOptions.from(cursor)).subscribe(subscriber);
  }

  @Override
  public void close() {
    log.close();
  }
}
