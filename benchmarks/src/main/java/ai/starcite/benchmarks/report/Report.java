package ai.starcite.benchmarks.report;

import ai.starcite.benchmarks.Scale;
import ai.starcite.benchmarks.measure.Figures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;

/** Writes what was measured as RESULTS.md, with charts beside it. */
public final class Report {
  private final Figures figures;
  private final Scale scale;
  private final Duration took;
  private final Map<String, String> machine;

  /** A report of figures, of how much was measured in what time, and on what machine. */
  public Report(Figures figures, Scale scale, Duration took, Map<String, String> machine) {
    this.figures = figures;
    this.scale = scale;
    this.took = took;
    this.machine = machine;
  }

  /** Writes all files into a directory. */
  public void write(Path directory) throws IOException {
    Path charts = Files.createDirectories(directory.resolve("charts"));
    Files.writeString(charts.resolve("append.svg"), Charts.append(figures));
    Files.writeString(charts.resolve("replay.svg"), Charts.replay(figures));
    Files.writeString(charts.resolve("s3.svg"), Charts.s3(figures));
    Files.writeString(directory.resolve("RESULTS.md"), markdown());
  }

  /** All of RESULTS.md. */
  String markdown() {
    StringBuilder text = new StringBuilder();
    text.append(
        """
        # Results

        Written by `benchmarks/compare.sh`%s on %s, in %d minutes. What is measured, and how to read it, is in
        [docs/performance.md](../docs/performance.md). A figure is the median of %d rounds, in which all systems take turns; in
        brackets is the lowest and the highest. A ratio is that of two figures of the same round. What has no brackets was
        measured once.

        """
            .formatted(
                scale.everything() ? "" : " --quick",
                LocalDate.now(ZoneOffset.UTC),
                Math.max(1, took.toMinutes()),
                scale.rounds()));
    if (!scale.everything()) {
      text.append(
          "**A quick run: sizes are a tenth or less of what the text says, and the figures are not"
              + " worth keeping.**\n\n");
    }
    text.append("| machine | |\n|---|---|\n");
    machine.forEach((name, fact) -> text.append("| %s | %s |%n".formatted(name, fact)));
    figures
        .of("fdatasync/256")
        .ifPresent(
            rate ->
                text.append(
                    "| disk, at the time of the appends | %s syncs a second (`fdatasync`), each after 256 bytes |%n"
                        .formatted(Numbers.of(rate))));
    text.append(
        """

        ## Targets

        | what | required | measured | |
        |---|---|---|---|
        """);
    for (Target target : Targets.of(figures)) {
      text.append(
          "| %s | %s | %s | %s |%n"
              .formatted(target.what(), target.required(), target.measured(), target.verdict()));
    }
    new Sections(figures, text).all();
    return text.toString();
  }
}
