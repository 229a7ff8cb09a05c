package ai.starcite.benchmarks.measure;

import java.util.List;

/**
 * What several rounds have found.
 *
 * @param median the value in the middle
 * @param least the lowest
 * @param most the highest
 */
public record Spread(double median, double least, double most) {

  /** Of the values of all rounds, at least one. */
  public static Spread of(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int size = sorted.size();
    return new Spread(
        (sorted.get((size - 1) / 2) + sorted.get(size / 2)) / 2,
        sorted.get(0),
        sorted.get(size - 1));
  }
}
