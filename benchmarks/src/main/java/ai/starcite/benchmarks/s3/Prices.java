package ai.starcite.benchmarks.s3;

/**
 * What AWS asks for requests to S3 Standard in us-east-1, in dollars, as its price list had it in
 * November 2026. Deletions are free, and so is transfer within the region.
 */
public final class Prices {
  /** Where and when these prices hold. */
  public static final String OF = "S3 Standard, us-east-1, November 2026";

  /** For a thousand PUTs or LISTs. */
  public static final double THOUSAND_PUTS = 0.005;

  /** For a thousand GETs. */
  public static final double THOUSAND_GETS = 0.0004;

  private Prices() {}

  /** The price of so many requests. */
  public static double of(double puts, double gets, double lists) {
    return (puts + lists) / 1_000 * THOUSAND_PUTS + gets / 1_000 * THOUSAND_GETS;
  }
}
