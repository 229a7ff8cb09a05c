package ai.starcite.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.benchmarks.Scale;
import ai.starcite.benchmarks.measure.Figures;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The report")
class ReportTest {
  private final Figures figures = new Figures();

  private void add(String name, double... values) {
    for (double value : values) {
      figures.add(name, value);
    }
  }

  private Target target(String what) {
    return Targets.of(figures).stream()
        .filter(each -> each.what().equals(what))
        .findFirst()
        .orElseThrow();
  }

  @Test
  @DisplayName("compares within a round, and takes the median of the ratios")
  void ratios() {
    add("replay/decoded/rate", 300, 20, 200);
    add("replay/SQLite/rate", 100, 10, 400);

    Target replay = target("replay / SQLite");

    assertThat(replay.measured()).isEqualTo("2 (0.50 to 3)");
    assertThat(replay.verdict()).isEqualTo("met");
  }

  @Test
  @DisplayName("says what was not met, above and below a bound")
  void notMet() {
    add("replay/decoded/rate", 90);
    add("replay/SQLite/rate", 100);
    add("open/session/ms", 51);

    assertThat(target("replay / SQLite").verdict()).isEqualTo("**not met**");
    assertThat(target("opening a session of a million events").verdict()).isEqualTo("**not met**");
  }

  @Test
  @DisplayName("lists every target, and says which were not measured")
  void notMeasured() {
    assertThat(Targets.of(figures))
        .hasSizeGreaterThan(60)
        .allSatisfy(each -> assertThat(each.verdict()).isEqualTo("not measured"));
    assertThat(new Report(figures, Scale.FULL, Duration.ofMinutes(1), Map.of()).markdown())
        .contains("| replay / SQLite | ≥ 1 |  | not measured |");
  }

  @Test
  @DisplayName("reads the figures that another process has written")
  void figuresOfAnotherProcess(@TempDir Path directory) throws Exception {
    add("open/session/ms", 3, 1, 2);

    figures.write(directory.resolve("figures"));

    assertThat(Figures.read(directory.resolve("figures")).of("open/session/ms"))
        .isEqualTo(figures.of("open/session/ms"))
        .isNotEqualTo(Optional.empty());
  }
}
