package ai.starcite.benchmarks.append;

import ai.starcite.benchmarks.Environment;
import ai.starcite.benchmarks.Section;
import ai.starcite.benchmarks.measure.Figures;
import ai.starcite.benchmarks.measure.Rounds;
import ai.starcite.benchmarks.measure.Workload;
import ai.starcite.benchmarks.peers.BareRocksDb;
import ai.starcite.benchmarks.peers.Contender;
import ai.starcite.benchmarks.peers.H2;
import ai.starcite.benchmarks.peers.Postgres;
import ai.starcite.benchmarks.peers.Redis;
import ai.starcite.benchmarks.peers.Sqlite;
import ai.starcite.benchmarks.peers.Starcite;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** All that appends durably, beside everything else that does. */
public final class AppendSection implements Section {
  /** The sizes of events, in bytes. */
  public static final List<Integer> SIZES = List.of(256, 4096);

  @Override
  public String name() {
    return "append";
  }

  @Override
  public void run(Environment environment, Figures figures) throws Exception {
    Path directory = environment.directory();
    Starcite starcite = new Starcite();
    List<Contender> contenders = new ArrayList<>(List.of(starcite, new BareRocksDb()));
    try {
      contenders.add(new Sqlite());
      contenders.add(new H2());
      Postgres.start(directory).ifPresent(contenders::add);
      Redis.start(directory).ifPresent(contenders::add);
      for (int bytes : SIZES) {
        measure(environment, figures, starcite, contenders, bytes);
      }
      storm(environment, figures, contenders);
    } finally {
      for (Contender each : contenders) {
        each.close();
      }
    }
  }

  private static void measure(
      Environment environment,
      Figures figures,
      Starcite starcite,
      List<Contender> contenders,
      int bytes)
      throws Exception {
    Path directory = environment.directory();
    Duration measured = environment.scale().measured();
    int warmUps = environment.scale().warmUps();
    int rounds = environment.scale().rounds();
    List<Workload> single = new ArrayList<>();
    List<Workload> oneSession = new ArrayList<>();
    List<Workload> manySessions = new ArrayList<>();
    List<Workload> hundreds = new ArrayList<>();
    List<Workload> mass = new ArrayList<>();
    single.add(new RawSync(directory, bytes, measured));
    mass.add(new InFlight(starcite, directory, bytes, measured));
    for (Contender each : contenders) {
      single.add(new BlockingWriters(each, directory, bytes, measured, 1, 1));
      oneSession.add(new BlockingWriters(each, directory, bytes, measured, 64, 1));
      manySessions.add(new BlockingWriters(each, directory, bytes, measured, 64, 64));
      hundreds.add(new Batches(each, directory, bytes, measured, 100));
      mass.add(new Batches(each, directory, bytes, measured, 1_000));
    }
    // One session and many are compared with each other too.
    List<Workload> concurrent = new ArrayList<>();
    for (int i = 0; i < oneSession.size(); i++) {
      concurrent.add(oneSession.get(i));
      concurrent.add(manySessions.get(i));
    }
    for (List<Workload> group : List.of(single, concurrent, hundreds, mass)) {
      System.out.println(group.get(group.size() - 1).name() + ", and others at the same");
      Rounds.run(warmUps, rounds, group, figures);
    }
  }

  private static void storm(Environment environment, Figures figures, List<Contender> contenders)
      throws Exception {
    System.out.println("token storm");
    Rounds.run(
        environment.scale().warmUps(),
        environment.scale().rounds(),
        contenders.stream()
            .map(
                each ->
                    new TokenStorm(each, environment.directory(), environment.scale().measured()))
            .toList(),
        figures);
  }
}
