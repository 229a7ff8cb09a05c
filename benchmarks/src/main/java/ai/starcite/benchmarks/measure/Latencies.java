package ai.starcite.benchmarks.measure;

import java.util.Arrays;

/** How long each of many calls took. Not thread-safe; join those of several threads. */
public final class Latencies {
  private long[] nanos = new long[1 << 10];
  private int count;

  /** Notes a call. */
  public void add(long took) {
    if (count == nanos.length) {
      nanos = Arrays.copyOf(nanos, 2 * count);
    }
    nanos[count++] = took;
  }

  /** Notes all calls of another thread. */
  public void addAll(Latencies other) {
    for (int i = 0; i < other.count; i++) {
      add(other.nanos[i]);
    }
  }

  /** How many were noted. */
  public int count() {
    return count;
  }

  /** The time, in microseconds, that so many of a hundred calls did not exceed. */
  public double percentileMicros(double percent) {
    if (count == 0) {
      throw new IllegalStateException("nothing was measured in the time that there was");
    }
    long[] sorted = Arrays.copyOf(nanos, count);
    Arrays.sort(sorted);
    int index = (int) Math.ceil(percent / 100 * count) - 1;
    return sorted[Math.max(0, index)] / 1e3;
  }
}
