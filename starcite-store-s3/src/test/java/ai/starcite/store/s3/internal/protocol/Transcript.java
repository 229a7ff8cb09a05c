package ai.starcite.store.s3.internal.protocol;

import ai.starcite.testkit.sim.SimulatedProcess;
import ai.starcite.testkit.sim.Simulation;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The requests to {@link SimulatedObjects}, in the order in which they took effect, for people. */
final class Transcript {
  private static final Pattern NUMBER = Pattern.compile("\\d{19}");
  private static final Pattern TOKEN = Pattern.compile("-([0-9a-f]{4})[0-9a-f]{4}(-[0-9a-f]+){4}");

  private final Simulation simulation;
  private final List<Line> lines = new ArrayList<>();

  private record Line(long millis, String who, String what, String key, String result) {
    @Override
    public String toString() {
      return "%,12d ms  %-10s %-7s %s  %s".formatted(millis, who, what, brief(key), result);
    }
  }

  Transcript(Simulation simulation) {
    this.simulation = simulation;
  }

  /** Notes a request that took effect, or a step of a test worth showing among them. */
  void applied(SimulatedProcess process, String what, String key, String result) {
    note(process.name(), what, key, result);
  }

  void note(String who, String what, String key, String result) {
    lines.add(new Line(simulation.elapsedNanos() / 1_000_000, who, what, key, result));
    simulation.note(result);
  }

  int size() {
    return lines.size();
  }

  /** Returns the last entries. */
  String last(int count) {
    return lines.stream()
        .skip(Math.max(0, lines.size() - count))
        .map(Line::toString)
        .collect(Collectors.joining("\n"));
  }

  /** Returns a key without its padding: plain numbers, and the beginning of a token. */
  static String brief(String key) {
    String numbered =
        NUMBER
            .matcher(key)
            .replaceAll(
                match -> {
                  long number = Long.parseLong(match.group());
                  long turned = Long.MAX_VALUE - number;
                  return Matcher.quoteReplacement(Long.toString(Math.min(number, turned)));
                });
    return TOKEN.matcher(numbered).replaceAll("-$1");
  }
}
