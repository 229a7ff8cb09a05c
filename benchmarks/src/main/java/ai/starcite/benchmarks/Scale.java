package ai.starcite.benchmarks;

import java.time.Duration;

/**
 * How much is measured.
 *
 * @param warmUps how many turns each workload has that do not count, for the compiler
 * @param rounds how many turns of each workload count
 * @param measured how long a workload that has no end of its own is measured in a turn
 * @param replayedEvents the events of the session that is replayed
 * @param sessions the sessions that exist at once
 * @param tails the most tails on one session
 * @param everything whether what costs minutes is measured too
 */
public record Scale(
    int warmUps,
    int rounds,
    Duration measured,
    int replayedEvents,
    int sessions,
    int tails,
    boolean everything) {

  /** The one whose figures count: a quarter of an hour. */
  public static final Scale FULL =
      new Scale(4, 5, Duration.ofMillis(600), 1_000_000, 1_000_000, 10_000, true);

  /** Three or four minutes, to see whether a change matters. */
  public static final Scale QUICK =
      new Scale(1, 3, Duration.ofMillis(150), 100_000, 20_000, 1_000, false);

  /** Seconds, to see that everything works. The figures say nothing. */
  public static final Scale TINY = new Scale(1, 1, Duration.ofMillis(10), 2_000, 200, 10, false);
}
