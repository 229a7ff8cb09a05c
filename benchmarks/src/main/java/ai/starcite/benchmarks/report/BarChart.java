package ai.starcite.benchmarks.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Groups of horizontal bars as an SVG image, on a scale by powers of ten. Its colours can be read
 * on white and on black.
 */
final class BarChart {
  private static final int WIDTH = 760;
  private static final int LEFT = 250;
  private static final int RIGHT = 90;
  private static final int BAR = 16;
  private static final int TOP = 64;
  private static final String TEXT = "#7d8590";
  private static final List<String> COLOURS =
      List.of("#2f81f7", "#8b949e", "#bf8700", "#a371f7", "#3fb950", "#f85149");

  private final String title;
  private final String unit;
  private final List<Group> groups = new ArrayList<>();
  private final List<String> names = new ArrayList<>();

  private record Bar(String name, double value) {}

  private record Group(String title, List<Bar> bars) {}

  BarChart(String title, String unit) {
    this.title = title;
    this.unit = unit;
  }

  void group(String of) {
    groups.add(new Group(of, new ArrayList<>()));
  }

  /** Adds a bar to the last group. */
  void bar(String name, double value) {
    if (!names.contains(name)) {
      names.add(name);
    }
    groups.get(groups.size() - 1).bars().add(new Bar(name, value));
  }

  String svg() {
    List<Group> shown = groups.stream().filter(group -> !group.bars().isEmpty()).toList();
    double[] values =
        shown.stream().flatMap(group -> group.bars().stream()).mapToDouble(Bar::value).toArray();
    double least = Math.log10(Arrays.stream(values).min().orElse(1));
    double most = Math.log10(Arrays.stream(values).max().orElse(10));
    int low = (int) Math.floor(least - 0.3);
    int high = Math.max(low + 1, (int) Math.ceil(most));
    int rows = shown.stream().mapToInt(group -> group.bars().size()).sum();
    int height = TOP + rows * (BAR + 2) + shown.size() * 34 + 40;
    StringBuilder svg = new StringBuilder();
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-label="%s"\
         font-family="system-ui, sans-serif" font-size="12" fill="%s">
        <text x="16" y="24" font-size="16" font-weight="600">%s</text>
        """
            .formatted(WIDTH, height, escape(title), TEXT, escape(title)));
    for (int power = low; power <= high; power++) {
      double x = x(power, low, high);
      svg.append(
          "<line x1=\"%.0f\" y1=\"%d\" x2=\"%.0f\" y2=\"%d\" stroke=\"%s\" stroke-opacity=\"0.3\"/>%n"
              .formatted(x, TOP - 12, x, height - 34, TEXT));
      svg.append(
          "<text x=\"%.0f\" y=\"%d\" text-anchor=\"middle\">%s</text>%n"
              .formatted(x, height - 18, power(power)));
    }
    svg.append(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s (logarithmic)</text>%n"
            .formatted((LEFT + WIDTH - RIGHT) / 2, height - 3, escape(unit)));
    int y = TOP;
    for (Group group : shown) {
      svg.append(
          "<text x=\"16\" y=\"%d\" font-weight=\"600\">%s</text>%n"
              .formatted(y + 4, escape(group.title())));
      y += 14;
      for (Bar bar : group.bars()) {
        double end = x(Math.log10(bar.value()), low, high);
        svg.append(
            ("<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>"
                    + "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>"
                    + "<text x=\"%.1f\" y=\"%d\">%s</text>%n")
                .formatted(
                    LEFT - 8,
                    y + 12,
                    escape(bar.name()),
                    LEFT,
                    y,
                    Math.max(1, end - LEFT),
                    BAR,
                    COLOURS.get(names.indexOf(bar.name()) % COLOURS.size()),
                    end + 6,
                    y + 12,
                    Numbers.of(bar.value())));
        y += BAR + 2;
      }
      y += 20;
    }
    return svg.append("</svg>\n").toString();
  }

  private static double x(double power, int low, int high) {
    return LEFT + (power - low) / (high - low) * (WIDTH - RIGHT - LEFT);
  }

  private static String power(int power) {
    return power < 0
        ? Double.toString(Math.pow(10, power))
        : "%,.0f".formatted(Math.pow(10, power));
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }
}
