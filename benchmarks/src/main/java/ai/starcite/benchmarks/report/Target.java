package ai.starcite.benchmarks.report;

import ai.starcite.benchmarks.measure.Spread;
import java.util.Optional;

/**
 * A figure that must be reached.
 *
 * @param what is measured
 * @param unit of the figure; empty for a ratio or a number
 * @param bound what the median must not miss
 * @param atLeast whether the figure must be the bound or more, else the bound or less
 * @param figure what was measured; empty if it was not
 */
record Target(String what, String unit, double bound, boolean atLeast, Optional<Spread> figure) {

  static Target atLeast(String what, double bound, Optional<Spread> figure) {
    return new Target(what, "", bound, true, figure);
  }

  static Target atMost(String what, double bound, String unit, Optional<Spread> figure) {
    return new Target(what, unit, bound, false, figure);
  }

  String required() {
    return (atLeast ? "≥ " : "≤ ") + Numbers.of(bound) + unit;
  }

  String measured() {
    return figure.map(spread -> Numbers.of(spread) + unit).orElse("");
  }

  String verdict() {
    if (figure.isEmpty()) {
      return "not measured";
    }
    double median = figure.get().median();
    return (atLeast ? median >= bound : median <= bound) ? "met" : "**not met**";
  }
}
