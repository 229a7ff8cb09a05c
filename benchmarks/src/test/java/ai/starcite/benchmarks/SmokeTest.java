package ai.starcite.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.benchmarks.measure.Directories;
import ai.starcite.benchmarks.measure.Figures;
import ai.starcite.benchmarks.peers.Postgres;
import ai.starcite.benchmarks.peers.Redis;
import ai.starcite.benchmarks.report.Report;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

@DisplayName("The benchmarks")
class SmokeTest {
  @Test
  @DisplayName("all run at a tiny size, and the report has each target, figure and chart")
  void runAndReport() throws Exception {
    // Not a temporary directory of root's own, which the user of a server could not enter.
    Path directory = Directories.empty(Path.of("target"), "smoke");
    Figures figures = new Figures();
    for (Section section : Benchmarks.SECTIONS) {
      Path data = Files.createDirectory(directory.resolve(section.name()));
      section.run(new Environment(Scale.TINY, data), figures);
    }

    Path out = directory.resolve("out");
    new Report(figures, Scale.TINY, Duration.ofMinutes(1), Map.of("processor", "any")).write(out);

    List<String> missing =
        Files.readAllLines(out.resolve("RESULTS.md")).stream()
            .filter(line -> line.contains("not measured") || line.contains("–"))
            .filter(line -> !needsMoreProcesses(line) && !needsAServer(line))
            // Peers have no such call; see the batches of 1,000.
            .filter(line -> !line.startsWith("| 8,000 in flight |"))
            .toList();
    assertThat(missing).isEmpty();
    try (Stream<Path> charts = Files.list(out.resolve("charts"))) {
      assertThat(charts.toList())
          .hasSize(3)
          .allSatisfy(
              chart ->
                  assertThat(parsed(chart).getElementsByTagName("rect").getLength()).isPositive());
    }
    Directories.delete(directory);
  }

  /** At the tiny size two processes are the most. */
  private static boolean needsMoreProcesses(String line) {
    return line.startsWith("| 4 |")
        || line.startsWith("| 8 |")
        || line.contains("of 4 processes")
        || line.contains("of 8 processes");
  }

  /** Where a server is not installed, its column or target is empty. */
  private static boolean needsAServer(String line) {
    try {
      boolean all = Postgres.version().isPresent() && Redis.version().isPresent();
      boolean column = line.split("\\|").length == 8;
      return !all && (column || line.contains(Postgres.NAME) || line.contains(Redis.NAME));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Document parsed(Path svg) throws Exception {
    return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(svg.toFile());
  }
}
