package ai.starcite.benchmarks.replay;

import ai.starcite.Event;
import ai.starcite.Tail;
import ai.starcite.TailOptions;
import ai.starcite.benchmarks.measure.Figures;
import ai.starcite.benchmarks.measure.Workload;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Replays a session from the log, with all fields of each event. */
final class Replay implements Workload {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final TailOptions ALL = TailOptions.from(0).withoutFollowing();

  private final RecordedLog recording;
  private final String session;
  private final int events;
  private final String name;
  private final TailOptions options;
  private final int expected;

  private Replay(
      RecordedLog recording,
      String session,
      int events,
      String name,
      TailOptions options,
      int expected) {
    this.recording = recording;
    this.session = session;
    this.events = events;
    this.name = name;
    this.options = options;
    this.expected = expected;
  }

  static Replay all(RecordedLog recording) {
    int events = recording.events();
    return new Replay(recording, Recording.SESSION, events, "decoded", ALL, events);
  }

  static Replay conversation(RecordedLog recording) {
    int events = recording.events() / Recording.CONVERSATION_SHARE;
    return new Replay(recording, Recording.CONVERSATION, events, "conversation", ALL, events);
  }

  static Replay ofOneAgent(RecordedLog recording) {
    return new Replay(
        recording,
        Recording.SESSION,
        recording.events(),
        "filtered to 1 of 10 agents",
        ALL.withAgents(Recording.agent(0)),
        recording.events() / 10);
  }

  @Override
  public String name() {
    return "replay " + name;
  }

  @Override
  public void measure(Figures figures) {
    long allocated = THREADS.getCurrentThreadAllocatedBytes();
    long start = System.nanoTime();
    long count = 0;
    long touched = 0;
    try (Tail tail = recording.log().tail(session, options)) {
      while (tail.hasNext()) {
        touched += touch(tail.next());
        count++;
      }
    }
    long took = System.nanoTime() - start;
    if (count != expected || touched == 0) {
      throw new IllegalStateException("saw " + count + " events of " + expected);
    }
    figures.add("replay/" + name + "/rate", events * 1e9 / took);
    figures.add(
        "replay/" + name + "/allocated",
        (double) (THREADS.getCurrentThreadAllocatedBytes() - allocated) / events);
  }

  private static long touch(Event event) {
    return event.seq()
        + event.insertedAtMicros()
        + event.type().length()
        + event.payload().size()
        + event.actor().orElseThrow().length()
        + (event.source().isPresent() ? 1 : 0)
        + (event.metadata().isPresent() ? 1 : 0)
        + (event.refs().isPresent() ? 1 : 0)
        + (event.idempotencyKey().isPresent() ? 1 : 0)
        + event.producerId().orElseThrow().length()
        + event.producerSeq().orElseThrow();
  }
}
