package ai.starcite.testkit.history;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;

/**
 * Reads how much the random tests of the kit try. Each setting is a system property of the JVM that
 * runs the tests, for longer searches than a build has time for.
 */
public final class Tries {
  /** How many seeds simulations and histories run: {@code starcite.seeds}. */
  public static final String SEEDS = "starcite.seeds";

  /** How many random sequences of calls are compared with the model: {@code starcite.tries}. */
  public static final String TRIES = "starcite.tries";

  /**
   * For how many seconds a race, or a random call, is repeated at most; it is repeated at least
   * five times: {@code starcite.roundSeconds}. It is for slow stores, such as those behind a
   * network. If it is not set, the test says how often.
   */
  public static final String ROUND_SECONDS = "starcite.roundSeconds";

  /**
   * The only seed to try, as a failure prints it: {@code starcite.seed}. If it is not set,
   * simulations and histories try 1 and up, and the random sequences of calls draw a new one. A
   * sequence that failed before is always tried first.
   */
  public static final String SEED = "starcite.seed";

  private Tries() {}

  /**
   * Tries seeds, one after the other: 1 and up, or the only one of {@link #SEED}.
   *
   * @param otherwise how many to try if {@link #SEEDS} is not set
   * @param test what to do with each; its failure is thrown again with the seed
   */
  public static void forEachSeed(int otherwise, LongConsumer test) {
    eachSeed(otherwise)
        .forEach(
            seed -> {
              try {
                test.accept(seed);
              } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(
                    "with -D%s=%d: %s".formatted(SEED, seed, e.getMessage()), e);
              }
            });
  }

  /**
   * Returns the seeds to try: 1 and up, or the only one of {@link #SEED}.
   *
   * @param otherwise how many to try if {@link #SEEDS} is not set
   * @return the seeds
   */
  public static LongStream eachSeed(int otherwise) {
    Long only = Long.getLong(SEED);
    return only == null ? LongStream.rangeClosed(1, seeds(otherwise)) : LongStream.of(only);
  }

  /**
   * Returns the number of seeds to try.
   *
   * @param otherwise how many to try if {@link #SEEDS} is not set
   * @return at least 1
   */
  public static int seeds(int otherwise) {
    return Math.max(1, Integer.getInteger(SEEDS, otherwise));
  }

  /**
   * Returns the number of sequences of calls to try.
   *
   * @param otherwise how many to try if {@link #TRIES} is not set
   * @return at least 1
   */
  public static int tries(int otherwise) {
    return Math.max(1, Integer.getInteger(TRIES, otherwise));
  }

  /**
   * Returns how long a race is repeated at most.
   *
   * @return the value of {@link #ROUND_SECONDS}, or a time that never ends
   */
  public static Duration roundTime() {
    return Duration.ofSeconds(Math.max(0, Integer.getInteger(ROUND_SECONDS, Integer.MAX_VALUE)));
  }

  /**
   * Returns the only seed to try, if there is one.
   *
   * @return the value of {@link #SEED}
   */
  public static Optional<String> seed() {
    return Optional.ofNullable(System.getProperty(SEED));
  }
}
