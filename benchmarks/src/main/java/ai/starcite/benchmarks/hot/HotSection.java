package ai.starcite.benchmarks.hot;

import ai.starcite.benchmarks.Environment;
import ai.starcite.benchmarks.Scale;
import ai.starcite.benchmarks.Section;
import ai.starcite.benchmarks.measure.Figures;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;

/** Runs {@link HotPaths} with JMH, and notes time and allocation of each. */
public final class HotSection implements Section {
  @Override
  public String name() {
    return "hot";
  }

  @Override
  public void run(Environment environment, Figures figures) throws Exception {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(HotPaths.class.getName())
            .addProfiler(GCProfiler.class)
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT);
    if (environment.scale().equals(Scale.TINY)) {
      // In this process, once: whether it works.
      options
          .forks(0)
          .warmupIterations(0)
          .measurementIterations(1)
          .measurementTime(TimeValue.milliseconds(10));
    } else if (!environment.scale().everything()) {
      options.warmupIterations(1).measurementIterations(3);
    }
    for (RunResult run : new Runner(options.build()).run()) {
      String name = "hot/" + run.getPrimaryResult().getLabel();
      note(figures, name + "/ns", run.getPrimaryResult());
      Result<?> allocated = run.getSecondaryResults().get("gc.alloc.rate.norm");
      if (allocated != null) {
        note(figures, name + "/bytes", allocated);
      }
    }
  }

  /** Median and spread of the iterations. */
  private static void note(Figures figures, String name, Result<?> result) {
    Statistics iterations = result.getStatistics();
    for (double percent : new double[] {0, 50, 100}) {
      figures.add(name, iterations.getPercentile(percent));
    }
  }
}
