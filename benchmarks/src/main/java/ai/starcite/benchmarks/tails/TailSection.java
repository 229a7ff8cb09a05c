package ai.starcite.benchmarks.tails;

import ai.starcite.benchmarks.Environment;
import ai.starcite.benchmarks.Scale;
import ai.starcite.benchmarks.Section;
import ai.starcite.benchmarks.measure.Figures;
import ai.starcite.benchmarks.measure.Rounds;
import ai.starcite.benchmarks.measure.Workload;
import java.util.List;

/** Many tails at once, in memory. */
public final class TailSection implements Section {
  @Override
  public String name() {
    return "tails";
  }

  @Override
  public void run(Environment environment, Figures figures) throws Exception {
    Scale scale = environment.scale();
    int tails = scale.tails();
    int some = Math.max(1, tails / 10);
    int deliveries = tails * 300;
    for (List<Workload> group :
        List.<List<Workload>>of(
            List.of(new Parked(tails)),
            List.of(
                new FanOut(1, 1, deliveries / 30),
                new FanOut(some, 1, deliveries),
                new FanOut(tails, 1, deliveries),
                new FanOut(tails, 100, 10 * deliveries)),
            List.of(new OwnSessions(some, false), new OwnSessions(some, true)),
            List.of(new Arrival(tails / 2)),
            List.of(new Stopped(tails * 30, false), new Stopped(tails * 30, true)),
            List.of(new Reconnection(tails / 5, 2 * tails)))) {
      System.out.println(group.get(group.size() - 1).name());
      Rounds.run(scale.warmUps(), scale.rounds(), group, figures);
    }
  }
}
