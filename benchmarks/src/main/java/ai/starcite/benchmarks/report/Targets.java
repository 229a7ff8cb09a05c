package ai.starcite.benchmarks.report;

import ai.starcite.benchmarks.append.AppendSection;
import ai.starcite.benchmarks.measure.Figures;
import ai.starcite.benchmarks.measure.Spread;
import ai.starcite.benchmarks.peers.BareRocksDb;
import ai.starcite.benchmarks.peers.H2;
import ai.starcite.benchmarks.peers.Postgres;
import ai.starcite.benchmarks.peers.Redis;
import ai.starcite.benchmarks.peers.Sqlite;
import ai.starcite.benchmarks.peers.Starcite;
import ai.starcite.benchmarks.s3.S3Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What must be reached, and whether it was. */
final class Targets {
  private static final double MIB = 1 << 20;

  private final Figures figures;
  private final List<Target> targets = new ArrayList<>();

  private Targets(Figures figures) {
    this.figures = figures;
  }

  static List<Target> of(Figures figures) {
    Targets all = new Targets(figures);
    AppendSection.SIZES.forEach(all::appends);
    all.storm();
    all.replay();
    all.memory();
    all.s3();
    return all.targets;
  }

  private void appends(int bytes) {
    String size = ", events of %,d bytes".formatted(bytes);
    String one = "1 blocking writer/" + bytes;
    String oneSession = "64 blocking writers on 1 session/" + bytes;
    String manySessions = "64 blocking writers on 64 sessions/" + bytes;
    targets.add(
        Target.atLeast(
            "1 blocking writer / bare put" + size, 0.9, rate(one, one, BareRocksDb.NAME)));
    targets.add(
        Target.atMost(
            "p99 of 1 writer / p99 of the bare put" + size,
            1.2,
            "",
            figures.ratio(
                append(one, Starcite.NAME) + "/p99", append(one, BareRocksDb.NAME) + "/p99")));
    targets.add(
        Target.atLeast(
            "64 blocking writers on 1 session / 64 bare puts at once" + size,
            1.5,
            rate(oneSession, oneSession, BareRocksDb.NAME)));
    targets.add(
        Target.atLeast(
            "64 writers on 64 sessions / on 1 session" + size,
            1,
            rate(manySessions, oneSession, Starcite.NAME)));
    targets.add(
        Target.atLeast(
            "8,000 in flight / bare batches of 1,000" + size,
            0.8,
            rate("8,000 in flight/" + bytes, "batches of 1,000/" + bytes, BareRocksDb.NAME)));
    for (String peer : List.of(Sqlite.NAME, H2.NAME, Postgres.NAME, Redis.NAME)) {
      for (String workload : List.of(one, oneSession, manySessions, "batches of 100/" + bytes)) {
        targets.add(
            Target.atLeast(
                workload.replace("/" + bytes, "") + " / " + peer + size,
                1,
                rate(workload, workload, peer)));
      }
      targets.add(
          Target.atLeast(
              "8,000 in flight / batches of 1,000 in " + peer + size,
              1,
              rate("8,000 in flight/" + bytes, "batches of 1,000/" + bytes, peer)));
    }
  }

  /** All that keep up have the same rate: what tells them apart is how long a delta waits. */
  private void storm() {
    String log = append("token storm", Starcite.NAME);
    targets.add(
        Target.atLeast(
            "token storm, acknowledged of the 50,000 deltas a second that are offered",
            0.99,
            figures.of(log + "/rate").map(rate -> scaled(rate, 1 / 50_000.0))));
    for (String peer : List.of(Sqlite.NAME, H2.NAME, Postgres.NAME, Redis.NAME)) {
      targets.add(
          Target.atMost(
              "token storm, p99 / p99 of " + peer,
              1,
              "",
              figures.ratio(log + "/p99", append("token storm", peer) + "/p99")));
    }
  }

  private void replay() {
    targets.add(
        Target.atLeast(
            "replay, all fields of each event / bare iteration",
            1.5,
            figures.ratio("replay/decoded/rate", "replay/" + BareRocksDb.NAME + "/rate")));
    targets.add(
        Target.atLeast(
            "replay / SQLite",
            1,
            figures.ratio("replay/decoded/rate", "replay/" + Sqlite.NAME + "/rate")));
    targets.add(
        Target.atMost(
            "filtered replay: allocated by the reader for each event scanned, of which it returns a"
                + " tenth, of 256 bytes",
            100,
            " bytes",
            figures.of("replay/filtered to 1 of 10 agents/allocated")));
    targets.add(
        Target.atMost(
            "opening a session of a million events", 50, " ms", figures.of("open/session/ms")));
  }

  private void memory() {
    targets.add(
        Target.atMost(
            "memory of a parked tail", 2_048, " bytes", figures.of("tails/parked/bytes")));
    targets.add(
        Target.atMost(
            "heap after 100,000 sessions were created and written to",
            256,
            " MiB",
            figures.of("sessions/tenth/heap").map(bytes -> scaled(bytes, 1 / MIB))));
    targets.add(
        Target.atMost(
            "heap with ten times as many sessions / heap with these",
            1.5,
            "",
            figures.ratio("sessions/all/heap", "sessions/tenth/heap")));
  }

  private void s3() {
    targets.add(
        Target.atMost(
            "S3: an append takes no more than a put, and so long",
            2,
            " ms",
            figures
                .of("s3/append/p50")
                .flatMap(
                    append ->
                        figures.of("s3/put/p50").map(put -> scaled(minus(append, put), 1e-3)))));
    targets.add(Target.atMost("S3: PUTs for an append", 1, "", figures.of("s3/append/puts")));
    for (int processes : S3Section.PROCESSES) {
      targets.add(
          Target.atLeast(
              "S3: acknowledged / offered rate of %d %s on one session, each at 30 events a second"
                  .formatted(processes, processes == 1 ? "process" : "processes"),
              0.95,
              figures
                  .of("s3/processes/" + processes + "/rate")
                  .map(rate -> scaled(rate, 1 / 30.0))));
      if (processes > 1) {
        targets.add(
            Target.atLeast(
                "S3: the same, of the worst of %d processes".formatted(processes),
                0.9,
                figures
                    .of("s3/processes/" + processes + "/rate")
                    .map(rate -> new Spread(rate.least(), rate.least(), rate.least()))
                    .map(rate -> scaled(rate, 1 / 30.0))));
      }
    }
    targets.add(
        Target.atMost(
            "S3: GETs to replay a million events of 200 bytes after compaction",
            40,
            "",
            figures.of("s3/replay/gets")));
    targets.add(
        Target.atMost(
            "S3: requests to open that session, its checkpoint included",
            5,
            "",
            figures
                .of("s3/open/gets")
                .flatMap(gets -> figures.of("s3/open/lists").map(lists -> plus(gets, lists)))));
    targets.add(Target.atMost("S3: requests while idle", 0, "", figures.of("s3/idle/requests")));
  }

  private Optional<Spread> rate(String workload, String other, String contender) {
    return figures.ratio(
        append(workload, Starcite.NAME) + "/rate", append(other, contender) + "/rate");
  }

  static String append(String workload, String contender) {
    return "append/" + workload + "/" + contender;
  }

  static Spread scaled(Spread spread, double factor) {
    return new Spread(spread.median() * factor, spread.least() * factor, spread.most() * factor);
  }

  private static Spread minus(Spread first, Spread second) {
    return new Spread(
        first.median() - second.median(),
        first.least() - second.most(),
        first.most() - second.least());
  }

  private static Spread plus(Spread first, Spread second) {
    return new Spread(
        first.median() + second.median(),
        first.least() + second.least(),
        first.most() + second.most());
  }
}
