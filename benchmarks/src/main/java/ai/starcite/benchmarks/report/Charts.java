package ai.starcite.benchmarks.report;

import ai.starcite.benchmarks.measure.Figures;
import ai.starcite.benchmarks.measure.Spread;
import ai.starcite.benchmarks.peers.BareRocksDb;
import ai.starcite.benchmarks.peers.H2;
import ai.starcite.benchmarks.peers.Postgres;
import ai.starcite.benchmarks.peers.Redis;
import ai.starcite.benchmarks.peers.Sqlite;
import ai.starcite.benchmarks.peers.Starcite;
import ai.starcite.benchmarks.s3.Prices;
import ai.starcite.benchmarks.s3.S3Section;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The charts. */
final class Charts {
  static final List<String> CONTENDERS =
      List.of(Starcite.NAME, BareRocksDb.NAME, Sqlite.NAME, H2.NAME, Postgres.NAME, Redis.NAME);

  private Charts() {}

  static String append(Figures figures) {
    BarChart chart = new BarChart("Events of 256 bytes stored durably", "events a second");
    Map<String, String> titles =
        Map.of(
            "batches of 1,000/256",
            "as many as possible (batches of 1,000; Starcite: 8,000 in flight)");
    for (String workload :
        List.of(
            "1 blocking writer/256",
            "64 blocking writers on 1 session/256",
            "batches of 100/256",
            "batches of 1,000/256")) {
      chart.group(titles.getOrDefault(workload, workload.replace("/256", "")));
      for (String contender : CONTENDERS) {
        String measured =
            workload.startsWith("batches of 1,000") && contender.equals(Starcite.NAME)
                ? "8,000 in flight/256"
                : workload;
        figures
            .of(Targets.append(measured, contender) + "/rate")
            .ifPresent(rate -> chart.bar(contender, rate.median()));
      }
    }
    return chart.svg();
  }

  static String replay(Figures figures) {
    BarChart chart = new BarChart("Replay of one session, events of 256 bytes", "events a second");
    chart.group("all events, all fields");
    figures.of("replay/decoded/rate").ifPresent(rate -> chart.bar(Starcite.NAME, rate.median()));
    for (String peer : List.of(BareRocksDb.NAME, Sqlite.NAME)) {
      figures.of("replay/" + peer + "/rate").ifPresent(rate -> chart.bar(peer, rate.median()));
    }
    chart.group("events looked at, to return those of 1 of 10 agents");
    figures
        .of("replay/filtered to 1 of 10 agents/rate")
        .ifPresent(rate -> chart.bar(Starcite.NAME, rate.median()));
    return chart.svg();
  }

  static String s3(Figures figures) {
    BarChart chart = new BarChart("Requests to S3, by linger", "dollars for a million events");
    chart.group("10 sessions with 30 events a second each");
    for (int millis : S3Section.LINGERS) {
      dollars(figures, millis).ifPresent(dollars -> chart.bar("linger " + millis + " ms", dollars));
    }
    return chart.svg();
  }

  /** What a million events cost at a linger, if that was measured. */
  static Optional<Double> dollars(Figures figures, int millis) {
    String name = "s3/linger/" + millis + "/";
    Optional<Spread> puts = figures.of(name + "puts");
    return puts.map(
        each ->
            Prices.of(
                each.median(),
                figures.of(name + "gets").orElseThrow().median(),
                figures.of(name + "lists").orElseThrow().median()));
  }
}
