package ai.starcite.testkit;

/**
 * How much the random tests of the kit try. Each is a system property of the JVM that runs the
 * tests, for longer hunts than a build has time for.
 */
public final class Tries {
  /** How many seeds simulations and histories run: {@code starcite.seeds}. */
  public static final String SEEDS = "starcite.seeds";

  private Tries() {}

  /**
   * The number of seeds to try.
   *
   * @param otherwise what is tried where {@link #SEEDS} is not set
   * @return at least 1
   */
  public static int seeds(int otherwise) {
    return Math.max(1, Integer.getInteger(SEEDS, otherwise));
  }
}
