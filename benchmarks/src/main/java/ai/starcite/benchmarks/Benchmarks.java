package ai.starcite.benchmarks;

import ai.starcite.benchmarks.append.AppendSection;
import ai.starcite.benchmarks.hot.HotSection;
import ai.starcite.benchmarks.measure.Directories;
import ai.starcite.benchmarks.measure.Figures;
import ai.starcite.benchmarks.measure.Spread;
import ai.starcite.benchmarks.replay.ReplaySection;
import ai.starcite.benchmarks.report.Report;
import ai.starcite.benchmarks.s3.S3Section;
import ai.starcite.benchmarks.sessions.SessionSection;
import ai.starcite.benchmarks.tails.TailSection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The command line: see {@link #USAGE}. */
public final class Benchmarks {
  static final String USAGE =
      """
      usage: java -jar benchmarks/target/benchmarks.jar compare [--quick] [--out DIRECTORY]
             java -jar benchmarks/target/benchmarks.jar SECTION [--quick]
             java -jar benchmarks/target/benchmarks.jar jmh [ARGUMENTS OF JMH]

      compare   measures everything, each section in a process of its own, and writes RESULTS.md
                and charts into the directory, benchmarks by default
      SECTION   append, replay, tails, sessions, s3 or hot: measures that and prints the figures
      jmh       runs JMH itself, on the benchmarks of the hot paths
      --quick   takes some minutes; figures that are worth keeping take a quarter of an hour

      All data is below benchmarks/target/data, or -Dstarcite.benchmarks.data=DIRECTORY, on the
      disk that is to be measured. It is deleted in the end.
      """;

  /** All sections, in the order in which they run. */
  static final List<Section> SECTIONS =
      List.of(
          new AppendSection(),
          new ReplaySection(),
          new TailSection(),
          new SessionSection(),
          new S3Section(),
          new HotSection());

  private static final String HEAP = "4g";

  private Benchmarks() {}

  /** Does what the arguments say. */
  public static void main(String[] arguments) throws Exception {
    Locale.setDefault(Locale.ROOT);
    List<String> left = new ArrayList<>(Arrays.asList(arguments));
    String command = left.isEmpty() ? "" : left.remove(0);
    if (command.equals("jmh")) {
      org.openjdk.jmh.Main.main(left.toArray(String[]::new));
      return;
    }
    boolean quick = left.remove("--quick");
    Path out = Path.of(option(left, "--out", "benchmarks"));
    // What one process of a comparison tells the other.
    Path file = Path.of(option(left, "--figures", ""));
    List<Section> named =
        SECTIONS.stream().filter(section -> section.name().equals(command)).toList();
    if (!left.isEmpty() || (named.isEmpty() && !command.equals("compare"))) {
      System.err.print(USAGE);
      System.exit(2);
    }
    if (command.equals("compare")) {
      compare(quick, out);
    } else {
      run(named.get(0), quick ? Scale.QUICK : Scale.FULL, file);
    }
    // Whatever a library has left running.
    System.exit(0);
  }

  private static String option(List<String> arguments, String name, String otherwise) {
    int at = arguments.indexOf(name);
    if (at < 0 || at + 1 == arguments.size()) {
      return otherwise;
    }
    arguments.remove(at);
    return arguments.remove(at);
  }

  private static Path data() {
    return Path.of(System.getProperty("starcite.benchmarks.data", "benchmarks/target/data"));
  }

  private static void compare(boolean quick, Path out) throws Exception {
    long start = System.nanoTime();
    Files.createDirectories(data());
    Map<String, String> machine = Machine.of(data());
    Path file = Files.createTempFile(data(), "figures", ".json");
    Figures figures = new Figures();
    for (Section section : SECTIONS) {
      System.out.printf("%n== %s%n", section.name());
      List<String> arguments =
          new ArrayList<>(List.of(section.name(), "--figures", file.toString()));
      if (quick) {
        arguments.add("--quick");
      }
      Children.finish(Children.start(HEAP, Benchmarks.class, arguments.toArray(String[]::new)));
      figures.addAll(Figures.read(file));
    }
    Files.delete(file);
    Scale scale = quick ? Scale.QUICK : Scale.FULL;
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    new Report(figures, scale, took, machine).write(out);
    System.out.printf("%nwritten: %s, after %d s%n", out.resolve("RESULTS.md"), took.toSeconds());
    Directories.delete(data());
  }

  private static void run(Section section, Scale scale, Path file) throws Exception {
    Path directory = Directories.empty(data(), section.name());
    Figures figures = new Figures();
    try {
      section.run(new Environment(scale, directory), figures);
    } finally {
      Directories.delete(directory);
    }
    if (!file.toString().isEmpty()) {
      figures.write(file);
      return;
    }
    for (String name : figures.names().stream().sorted().toList()) {
      Spread spread = figures.of(name).orElseThrow();
      System.out.printf(
          "%-70s %,16.1f (%,.1f to %,.1f)%n", name, spread.median(), spread.least(), spread.most());
    }
  }
}
