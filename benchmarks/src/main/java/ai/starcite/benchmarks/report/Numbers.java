package ai.starcite.benchmarks.report;

import ai.starcite.benchmarks.measure.Spread;
import java.util.Locale;

/** Numbers for readers: three digits that count. */
final class Numbers {
  private Numbers() {}

  static String of(double number) {
    double size = Math.abs(number);
    if (size >= 1_000) {
      double unit = Math.pow(10, Math.floor(Math.log10(size)) - 2);
      return "%,.0f".formatted(Math.round(number / unit) * unit);
    }
    if (size == Math.rint(size) || size >= 100) {
      return String.format(Locale.ROOT, "%.0f", number);
    }
    return String.format(Locale.ROOT, size >= 10 ? "%.1f" : "%.2f", number);
  }

  /** The median, and the spread behind it where there is one. */
  static String of(Spread spread) {
    return spread.least() == spread.most()
        ? of(spread.median())
        : "%s (%s to %s)".formatted(of(spread.median()), of(spread.least()), of(spread.most()));
  }
}
