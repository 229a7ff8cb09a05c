package ai.starcite.testkit.contract;

import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.SessionLog;
import ai.starcite.TailOptions;
import ai.starcite.store.memory.MemorySegmentStore;
import java.util.Collections;
import java.util.concurrent.Flow;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.annotations.AfterClass;
import org.testng.annotations.Test;

/** TAIL-7: the publisher keeps the rules of Reactive Streams, as their own kit checks them. */
@Test
public class TailPublisherTckTest extends FlowPublisherVerification<Event> {
  private static final int BATCH = 1_000;
  private static final NewEvent EVENT = NewEvent.of("content", Json.parse("{\"text\":\"x\"}"));

  private final SessionLog log = SessionLog.open(MemorySegmentStore.open());

  /** Time-outs that suit a machine which is busy with other things. */
  public TailPublisherTckTest() {
    super(new TestEnvironment(2_000, 100), 500);
  }

  /** Ends the log's threads. */
  @AfterClass
  public void close() {
    log.close();
  }

  @Override
  public Flow.Publisher<Event> createFlowPublisher(long elements) {
    String id = log.create(NewSession.defaults()).id();
    for (long left = elements; left > 0; left -= BATCH) {
      log.appendAll(id, Collections.nCopies((int) Math.min(left, BATCH), EVENT));
    }
    log.seal(id);
    return log.publisher(id, TailOptions.from(0));
  }

  @Override
  public Flow.Publisher<Event> createFailedFlowPublisher() {
    return log.publisher("nobody", TailOptions.from(0));
  }

  @Override
  public long maxElementsFromPublisher() {
    return 1_000_000;
  }
}
