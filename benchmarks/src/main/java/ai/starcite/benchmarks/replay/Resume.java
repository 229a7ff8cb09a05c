package ai.starcite.benchmarks.replay;

import ai.starcite.Tail;
import ai.starcite.benchmarks.measure.Figures;
import ai.starcite.benchmarks.measure.Latencies;
import ai.starcite.benchmarks.measure.Workload;
import ai.starcite.benchmarks.peers.Starcite;
import java.util.Random;

/** Opens a tail at a random cursor of the recording, and waits for its first event. */
final class Resume implements Workload {
  static final int TIMES = 200;

  private final RecordedLog recording;
  private final Random random = new Random(1);

  Resume(RecordedLog recording) {
    this.recording = recording;
  }

  @Override
  public String name() {
    return "resume at a random cursor";
  }

  @Override
  public void measure(Figures figures) {
    Latencies latencies = new Latencies();
    for (int i = 0; i < TIMES; i++) {
      long cursor = random.nextInt(recording.events());
      long before = System.nanoTime();
      try (Tail tail = recording.log().tail(Recording.SESSION, cursor)) {
        if (tail.next().seq() != cursor + 1) {
          throw new IllegalStateException("not the event after " + cursor);
        }
      }
      latencies.add(System.nanoTime() - before);
    }
    figures.add("resume/" + Starcite.NAME + "/p50", latencies.percentileMicros(50));
    figures.add("resume/" + Starcite.NAME + "/p99", latencies.percentileMicros(99));
  }
}
