package ai.starcite.benchmarks.measure;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What was measured, by name, a value for each round. The values of one round are at the same index
 * in all of them.
 */
public final class Figures {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final Map<String, List<Double>> values = new TreeMap<>();

  /** Notes the value of a round. */
  public synchronized void add(String name, double value) {
    values.computeIfAbsent(name, unused -> new ArrayList<>()).add(value);
  }

  /** Takes over all of another run's. */
  public synchronized void addAll(Figures other) {
    values.putAll(other.values);
  }

  /** The names of all figures. */
  public synchronized Set<String> names() {
    return Set.copyOf(values.keySet());
  }

  /** A figure, if it was measured. */
  public synchronized Optional<Spread> of(String name) {
    return Optional.ofNullable(values.get(name)).map(Spread::of);
  }

  /** How often the second goes into the first, round by round, if both were measured. */
  public synchronized Optional<Spread> ratio(String first, String second) {
    List<Double> above = values.get(first);
    List<Double> below = values.get(second);
    if (above == null || below == null) {
      return Optional.empty();
    }
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < Math.min(above.size(), below.size()); i++) {
      ratios.add(above.get(i) / below.get(i));
    }
    return Optional.of(Spread.of(ratios));
  }

  /** Writes all of it to a file, as JSON. */
  public synchronized void write(Path file) throws IOException {
    MAPPER.writeValue(file.toFile(), values);
  }

  /** Reads what {@link #write} wrote. */
  public static Figures read(Path file) throws IOException {
    Figures figures = new Figures();
    figures.values.putAll(
        MAPPER.readValue(file.toFile(), new TypeReference<Map<String, List<Double>>>() {}));
    return figures;
  }
}
