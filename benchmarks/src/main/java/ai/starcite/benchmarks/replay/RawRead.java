package ai.starcite.benchmarks.replay;

import ai.starcite.benchmarks.measure.Figures;
import ai.starcite.benchmarks.measure.Workload;
import ai.starcite.spi.ReadOutcome;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SessionKey;

/** Reads the segments of the recording from the store, and checks them, but decodes no event. */
final class RawRead implements Workload {
  private static final int READ_BYTES = 1 << 20;

  private final RecordedLog recording;

  RawRead(RecordedLog recording) {
    this.recording = recording;
  }

  @Override
  public String name() {
    return "read raw";
  }

  @Override
  public void measure(Figures figures) {
    SessionKey key =
        recording
            .store()
            .load(Recording.SESSION)
            .toCompletableFuture()
            .join()
            .orElseThrow()
            .record()
            .key();
    long start = System.nanoTime();
    long next = 1;
    while (next <= recording.events()) {
      ReadOutcome read = recording.store().read(key, next, READ_BYTES).toCompletableFuture().join();
      for (Segment segment : ((ReadOutcome.Segments) read).segments()) {
        if (!segment.isIntact()) {
          throw new IllegalStateException(segment + " is damaged");
        }
        next = segment.nextSeq();
      }
    }
    figures.add("replay/raw/rate", recording.events() * 1e9 / (System.nanoTime() - start));
  }
}
