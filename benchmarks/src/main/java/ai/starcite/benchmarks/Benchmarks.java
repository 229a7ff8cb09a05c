package ai.starcite.benchmarks;

import ai.starcite.benchmarks.append.AppendSection;
import ai.starcite.benchmarks.measure.Directories;
import ai.starcite.benchmarks.measure.Figures;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The command line. */
public final class Benchmarks {
  private static final List<Section> SECTIONS =
      List.of(
          new AppendSection(),
          new ai.starcite.benchmarks.replay.ReplaySection(),
          new ai.starcite.benchmarks.tails.TailSection(),
          new ai.starcite.benchmarks.sessions.SessionSection(),
          new ai.starcite.benchmarks.s3.S3Section());

  private Benchmarks() {}

  public static void main(String[] arguments) throws Exception {
    List<String> left = new ArrayList<>(Arrays.asList(arguments));
    Scale scale = left.remove("--quick") ? Scale.QUICK : Scale.FULL;
    Path directory = Path.of("target/bench");
    Figures figures = new Figures();
    for (Section each : SECTIONS) {
      if (left.isEmpty() || left.contains(each.name())) {
        each.run(new Environment(scale, Directories.empty(directory, each.name())), figures);
      }
    }
    for (String name : figures.names().stream().sorted().toList()) {
      System.out.println(name + " " + figures.of(name).orElseThrow());
    }
  }
}
