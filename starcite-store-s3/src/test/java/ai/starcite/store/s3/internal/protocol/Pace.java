package ai.starcite.store.s3.internal.protocol;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How fast and how steadily the actors of a trial go.
 *
 * @param grace how long what others may still use is kept
 * @param sleeps in so many of ten thousand requests a process sleeps before it hears the answer
 * @param deaths in so many of ten thousand requests it dies
 * @param thinking in milliseconds, the longest pause between two turns, but for a few
 * @param long in so many of a thousand turns, the pause before it is of the magnitude of the grace
 */
record Pace(Duration grace, int sleeps, int deaths, int thinking, int longThoughts) {

  static Pace of(RandomGenerator random, Duration grace) {
    int[] sleeps = {50, 100, 300};
    int[] deaths = {0, 0, 20, 80};
    int[] thinking = {50, 1_000, 20_000};
    int[] longThoughts = {10, 40, 100};
    return new Pace(
        grace,
        sleeps[random.nextInt(sleeps.length)],
        deaths[random.nextInt(deaths.length)],
        thinking[random.nextInt(thinking.length)],
        longThoughts[random.nextInt(longThoughts.length)]);
  }

  boolean sleeps(RandomGenerator random) {
    return random.nextInt(10_000) < sleeps;
  }

  boolean dies(RandomGenerator random) {
    return random.nextInt(10_000) < deaths;
  }

  /** Returns a sleep: near the thresholds of the rules, or two days. */
  Duration sleep(RandomGenerator random) {
    return switch (random.nextInt(8)) {
      case 0 -> grace.dividedBy(4);
      case 1 -> grace.dividedBy(2);
      case 2, 3 -> grace;
      case 4, 5 -> grace.multipliedBy(3).dividedBy(2);
      case 6 -> Duration.ofSeconds(random.nextInt(60));
      default -> grace.multipliedBy(2 + random.nextInt(3));
    };
  }

  Duration thinking(RandomGenerator random) {
    return random.nextInt(1_000) < longThoughts
        ? grace.dividedBy(4).multipliedBy(1 + random.nextInt(6))
        : Duration.ofMillis(random.nextInt(thinking));
  }
}
