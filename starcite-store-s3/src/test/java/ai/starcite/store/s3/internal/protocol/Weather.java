package ai.starcite.store.s3.internal.protocol;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How often requests to {@link SimulatedObjects} meet with which fault, each in thousandths.
 *
 * @param lost it never arrives, and is timed out
 * @param unheard it is applied, and its answer is lost
 * @param late a write that is timed out, and is applied some time later, or twice
 * @param twice a write that the client's machinery sends twice, unseen: its answer is the second's
 * @param overtaken such a write whose first sending is applied after the second, some time later
 * @param busy 409, 429 or 503: not applied
 * @param refused refused for good: not applied
 * @param undated an answer without a date
 * @param torn an object arrives cut off at a process, once
 * @param shortPage a listing whose pages are cut short
 * @param skew the most that the date of an answer is wrong, either way
 * @param latest the longest that a late write is under way
 */
record Weather(
    int lost,
    int unheard,
    int late,
    int twice,
    int overtaken,
    int busy,
    int refused,
    int undated,
    int torn,
    int shortPage,
    Duration skew,
    Duration latest) {

  /** Nothing goes wrong. */
  static final Weather CALM =
      new Weather(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, Duration.ZERO, Duration.ZERO);

  private static final Duration TIME_OUT = Duration.ofSeconds(5);

  /** The fate of a request. */
  enum Fate {
    ANSWERED,
    LOST,
    UNHEARD,
    LATE,
    TWICE,
    OVERTAKEN,
    BUSY,
    REFUSED
  }

  /**
   * Returns weather with every fault, some more frequent than others, for a store with this grace.
   */
  static Weather rough(RandomGenerator random, Duration grace) {
    return rough(random, grace, 1);
  }

  /** Returns the same weather, worse by at least this factor. */
  static Weather rough(RandomGenerator random, Duration grace, int atLeast) {
    int scale = atLeast + random.nextInt(random.nextInt(4) == 0 ? 6 : 3);
    return new Weather(
        scale * 5,
        scale * 10,
        scale * 30,
        scale * 20,
        scale * 20,
        scale * 10,
        0,
        random.nextInt(3) == 0 ? 20 : 0,
        random.nextInt(2) * 20,
        random.nextInt(2) * 300,
        random.nextInt(3) == 0 ? grace.dividedBy(8) : Duration.ZERO,
        grace.multipliedBy(3));
  }

  Weather withRefused(int thousandths) {
    return new Weather(
        lost,
        unheard,
        late,
        twice,
        overtaken,
        busy,
        thousandths,
        undated,
        torn,
        shortPage,
        skew,
        latest);
  }

  /** Draws the fate of a request. */
  Fate fate(RandomGenerator random, boolean writes) {
    int dice = random.nextInt(1_000);
    if ((dice -= lost) < 0) {
      return Fate.LOST;
    } else if ((dice -= unheard) < 0) {
      return Fate.UNHEARD;
    } else if ((dice -= busy) < 0) {
      return Fate.BUSY;
    } else if ((dice -= refused) < 0) {
      return Fate.REFUSED;
    } else if (!writes) {
      return Fate.ANSWERED;
    } else if ((dice -= late) < 0) {
      return Fate.LATE;
    } else if ((dice -= twice) < 0) {
      return Fate.TWICE;
    } else if (dice - overtaken < 0) {
      return Fate.OVERTAKEN;
    }
    return Fate.ANSWERED;
  }

  /** Returns how long a request or an answer takes. */
  static Duration travel(RandomGenerator random) {
    return Duration.ofNanos(random.nextInt(random.nextInt(30) == 0 ? 300_000_000 : 20_000_000));
  }

  /** Returns when a request without an answer times out. */
  static Duration timeOut(RandomGenerator random) {
    return Duration.ofNanos(random.nextLong(TIME_OUT.toNanos()));
  }

  /** Returns how long a late write takes: any order of magnitude. */
  Duration late(RandomGenerator random) {
    long longest = Math.max(2, latest.toMillis());
    return Duration.ofMillis(
        random.nextBoolean()
            ? random.nextLong(longest)
            : (long) Math.exp(random.nextDouble() * Math.log(longest)));
  }

  /** Returns the error of the date of an answer. */
  Duration error(RandomGenerator random) {
    return skew.multipliedBy(random.nextInt(3) - 1);
  }
}
