package ai.starcite.benchmarks.report;

import ai.starcite.benchmarks.append.AppendSection;
import ai.starcite.benchmarks.measure.Figures;
import ai.starcite.benchmarks.peers.BareRocksDb;
import ai.starcite.benchmarks.peers.Sqlite;
import ai.starcite.benchmarks.peers.Starcite;
import ai.starcite.benchmarks.s3.Prices;
import ai.starcite.benchmarks.s3.S3Section;
import java.util.List;

/** The tables of the figures behind the targets. */
final class Sections {
  private static final double MIB = 1 << 20;

  private final Figures figures;
  private final StringBuilder text;

  Sections(Figures figures, StringBuilder text) {
    this.figures = figures;
    this.text = text;
  }

  void all() {
    append();
    storm();
    replay();
    tails();
    sessions();
    s3();
    hot();
  }

  private void append() {
    text.append("\n## Appending\n\n![Events stored durably](charts/append.svg)\n");
    for (int bytes : AppendSection.SIZES) {
      text.append("%n### Events of %,d bytes, events a second%n%n| |".formatted(bytes));
      Charts.CONTENDERS.forEach(name -> text.append(" ").append(name).append(" |"));
      text.append("\n|---|").append("---|".repeat(Charts.CONTENDERS.size())).append("\n");
      for (String workload :
          List.of(
              "1 blocking writer",
              "64 blocking writers on 1 session",
              "64 blocking writers on 64 sessions",
              "batches of 100",
              "batches of 1,000",
              "8,000 in flight")) {
        byContender(workload, workload + "/" + bytes, "/rate");
      }
      byContender("1 blocking writer: p50, µs", "1 blocking writer/" + bytes, "/p50");
      byContender("1 blocking writer: p99, µs", "1 blocking writer/" + bytes, "/p99");
      text.append(
          "%nThe disk by itself: %s syncs a second, each after %,d bytes.%n"
              .formatted(figure("fdatasync/" + bytes, 1), bytes));
    }
  }

  private void storm() {
    text.append(
        """

        ### Token storm

        1,000 sessions get 50 deltas of 64 bytes a second each: 50,000 a second in all.

        | |\
        """);
    Charts.CONTENDERS.forEach(name -> text.append(" ").append(name).append(" |"));
    text.append("\n|---|").append("---|".repeat(Charts.CONTENDERS.size())).append("\n");
    byContender("acknowledged a second", "token storm", "/rate");
    byContender("p50, µs", "token storm", "/p50");
    byContender("p99, µs", "token storm", "/p99");
  }

  private void byContender(String title, String workload, String suffix) {
    text.append("| ").append(title).append(" |");
    for (String contender : Charts.CONTENDERS) {
      text.append(" ").append(figure(Targets.append(workload, contender) + suffix, 1)).append(" |");
    }
    text.append("\n");
  }

  private void replay() {
    heading("Replaying", "A session of a million events of 256 bytes.");
    text.append(
        "![Replay of one session](charts/replay.svg)\n\n| what | events a second |\n|---|---|\n");
    row("replayed, all fields of each event", "replay/decoded/rate");
    row("scanned, those of 1 of 10 agents returned", "replay/filtered to 1 of 10 agents/rate");
    row("replayed, a session that was written one event at a time", "replay/conversation/rate");
    row("segments read and checked, not decoded", "replay/raw/rate");
    row(BareRocksDb.NAME + ", iterated over", "replay/" + BareRocksDb.NAME + "/rate");
    row(Sqlite.NAME + ", selected in order", "replay/" + Sqlite.NAME + "/rate");
    text.append("\n| what | |\n|---|---|\n");
    row("allocated by the reader for each event replayed, bytes", "replay/decoded/allocated");
    row(
        "allocated by the reader for each event scanned, bytes",
        "replay/filtered to 1 of 10 agents/allocated");
    row("resume at a random cursor: first event, p50, µs", "resume/" + Starcite.NAME + "/p50");
    row("the same, p99, µs", "resume/" + Starcite.NAME + "/p99");
    row("the same in SQLite, p50, µs", "resume/" + Sqlite.NAME + "/p50");
    row("the same in SQLite, p99, µs", "resume/" + Sqlite.NAME + "/p99");
    row("retry of an event of any age, of eight producers: p50, µs", "retry/p50");
    row("the same, p99, µs", "retry/p99");
    row(
        "another writer beside eight clients that only retry: appends, of those alone",
        "retry/beside");
    row("open the store, ms", "open/store/ms");
    row("open the session in it, ms", "open/session/ms");
  }

  private void tails() {
    heading("Tails", "On the memory store, so that it is the log that is measured.");
    text.append("| what | |\n|---|---|\n");
    row("heap of a parked tail, bytes", "tails/parked/bytes");
    for (String name : figures.names().stream().sorted().toList()) {
      if (name.startsWith("tails/fan-out/")) {
        String[] parts = name.split("/");
        row(
            "fan-out to %,d tails, %s at a time, each awaited by all: deliveries a second"
                .formatted(Integer.parseInt(parts[2]), parts[3]),
            name);
      }
    }
    row("many sessions, each with a tail: appends a second", "tails/own sessions/with/rate");
    row("the same without tails", "tails/own sessions/without/rate");
    row(
        "from the return of an append to a parked tail: p50, µs (0: it is there first)",
        "tails/arrival/p50");
    row("the same, p99, µs", "tails/arrival/p99");
    row("appends a second beside a tail that stopped", "tails/stopped/with/rate");
    row("the same without it", "tails/stopped/without/rate");
    row(
        "all readers of a session resume at random cursors: all there after, ms",
        "tails/reconnection/ms");
    row("the same: how often the session is read", "tails/reconnection/read");
    row("the same: appends a second meanwhile", "tails/reconnection/appends");
  }

  private void sessions() {
    heading("Many sessions", "A million on RocksDB, and a tenth of them before.");
    text.append("| what | |\n|---|---|\n");
    row("created a second, by 64 threads", "sessions/create/rate");
    row("listed a second, 1,000 at a time", "sessions/list/rate");
    row("written to at random, events a second", "sessions/touch/rate");
    text.append(
        "| heap in use after a tenth was created and written to, MiB | %s |%n"
            .formatted(figure("sessions/tenth/heap", 1 / MIB)));
    text.append(
        "| heap in use when all were there, and as many written to again, MiB | %s |%n"
            .formatted(figure("sessions/all/heap", 1 / MIB)));
  }

  private void s3() {
    heading(
        "S3",
        "On an S3 server in the same process, which takes 30 ms longer for a PUT and 10 ms longer"
            + " for a GET or LIST. Prices are those\n"
            + "of a table, not of an invoice: "
            + Prices.OF
            + ", $%.3f for 1,000 PUTs or LISTs, $%.4f for 1,000 GETs."
                .formatted(Prices.THOUSAND_PUTS, Prices.THOUSAND_GETS));
    text.append("![Requests to S3](charts/s3.svg)\n\n");
    text.append(
        "Ten sessions with 30 events of 200 bytes a second each, given for a million events. In a"
            + " full run each session is\n"
            + "compacted twice or more meanwhile, so that compaction has about its share; in a"
            + " quick one it is not.\n\n");
    text.append(
        "| linger | PUTs | GETs | LISTs | MiB written | dollars |\n|---|---|---|---|---|---|\n");
    for (int millis : S3Section.LINGERS) {
      String name = "s3/linger/" + millis + "/";
      text.append(
          "| %d ms | %s | %s | %s | %s | %s |%n"
              .formatted(
                  millis,
                  figure(name + "puts", 1),
                  figure(name + "gets", 1),
                  figure(name + "lists", 1),
                  figure(name + "written", 1 / MIB),
                  Charts.dollars(figures, millis).map("%.2f"::formatted).orElse("–")));
    }
    text.append("\n| what | |\n|---|---|\n");
    row("append of one writer, p50, ms", "s3/append/p50", 1e-3);
    row("append of one writer, p99, ms", "s3/append/p99", 1e-3);
    row("put by the SDK, p50, ms", "s3/put/p50", 1e-3);
    row("put by the SDK, p99, ms", "s3/put/p99", 1e-3);
    row("a million events replayed: events a second", "s3/replay/rate");
    row("the same: GETs", "s3/replay/gets");
    row("that session opened, ms", "s3/open/ms");
    row("the same: GETs", "s3/open/gets");
    row("the same: LISTs", "s3/open/lists");
    row("requests of an idle log", "s3/idle/requests");
    row("the same: minutes counted", "s3/idle/minutes");
    text.append(
        """

        Processes that append to one session at 30 events a second each; a row has the median, and in brackets the best and
        the worst process:

        | processes | acknowledged a second, each | p50, ms | p99, ms |
        |---|---|---|---|
        """);
    for (int processes : S3Section.PROCESSES) {
      String name = "s3/processes/" + processes + "/";
      text.append(
          "| %d | %s | %s | %s |%n"
              .formatted(
                  processes,
                  figure(name + "rate", 1),
                  figure(name + "p50", 1e-3),
                  figure(name + "p99", 1e-3)));
    }
  }

  private void hot() {
    heading(
        "Hot paths",
        "By JMH with `-prof gc`, on the memory store and one thread, for each event; payloads of"
            + " 256 bytes.\n"
            + "The spread is that of the iterations.");
    text.append("| what | time, ns | allocated, bytes |\n|---|---|---|\n");
    for (List<String> path :
        List.of(
            List.of("append", "append"),
            List.of("append, and its delivery to a tail", "appendAndTail"),
            List.of("append of 1,000 at a time: check, hash, encode", "encode"),
            List.of("replay: decode", "replay"),
            List.of("append of a known event: dedupe", "dedupe"),
            List.of("check of a payload, once when it is made", "parse"))) {
      String name = "hot/" + path.get(1);
      text.append(
          "| %s | %s | %s |%n"
              .formatted(path.get(0), figure(name + "/ns", 1), figure(name + "/bytes", 1)));
    }
  }

  private void heading(String title, String introduction) {
    text.append("\n## ").append(title).append("\n\n").append(introduction).append("\n\n");
  }

  private void row(String what, String name) {
    row(what, name, 1);
  }

  private void row(String what, String name, double factor) {
    text.append("| %s | %s |%n".formatted(what, figure(name, factor)));
  }

  private String figure(String name, double factor) {
    return figures.of(name).map(spread -> Numbers.of(Targets.scaled(spread, factor))).orElse("–");
  }
}
