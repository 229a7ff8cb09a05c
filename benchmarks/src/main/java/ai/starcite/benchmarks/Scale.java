package ai.starcite.benchmarks;

import java.time.Duration;

/**
 * How much is measured.
 *
 * @param rounds how often each workload has its turn, after one turn that does not count
 * @param measured how long a workload that has no end of its own is measured in a turn
 * @param replayedEvents the events of the session that is replayed
 * @param sessions the sessions that exist at once
 * @param tails the most tails on one session
 * @param everything whether what costs minutes is measured too
 */
public record Scale(
    int rounds,
    Duration measured,
    int replayedEvents,
    int sessions,
    int tails,
    boolean everything) {

  /** The one whose figures count: a quarter of an hour. */
  public static final Scale FULL =
      new Scale(5, Duration.ofMillis(600), 1_000_000, 1_000_000, 10_000, true);

  /** Three or four minutes, to see whether a change matters. */
  public static final Scale QUICK =
      new Scale(3, Duration.ofMillis(150), 100_000, 20_000, 1_000, false);

  /** Seconds, to see that everything works. The figures say nothing. */
  public static final Scale TINY = new Scale(1, Duration.ofMillis(10), 2_000, 200, 10, false);
}
