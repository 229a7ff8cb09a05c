package ai.starcite.examples.quickstart;

import ai.starcite.Event;
import ai.starcite.NewSession;
import ai.starcite.SessionLog;
import ai.starcite.store.rocksdb.RocksDbSegmentStore;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/** Many writers, many readers, a refreshed tab, a killed process: and nothing is lost. */
final class Demo {
  private final Path directory;
  private final PrintStream out;

  /** A demo that keeps its log in a folder which does not exist yet. */
  Demo(Path directory, PrintStream out) {
    this.directory = directory;
    this.out = out;
  }

  /** Runs everything; returns the exit code. */
  int run() throws Exception {
    out.println("Three agents, one session, two tabs. The log is in " + directory);
    out.println();
    LiveSession live;
    try (SessionLog log = open()) {
      live = new LiveSession(log, out);
      live.run();
      log.create(NewSession.ofId(CrashAndRetry.ID).withTitle("Migrate for v2.4"));
    }
    out.println();
    int events = ThreadLocalRandom.current().nextInt(100, 300);
    long acknowledged = WriterProcess.runAndKill(directory, CrashAndRetry.ID, events);
    try (SessionLog log = open()) {
      CrashAndRetry crash = new CrashAndRetry(log, out);
      crash.run(acknowledged);
      return summary(log, live, crash).print(out);
    }
  }

  private SessionLog open() {
    return SessionLog.open(RocksDbSegmentStore.open(directory));
  }

  private static Summary summary(SessionLog log, LiveSession live, CrashAndRetry crash) {
    List<Event> deployed = Audit.replay(log, LiveSession.ID);
    List<Event> migrated = Audit.replay(log, CrashAndRetry.ID);
    long appended = deployed.size() + migrated.size();
    long acknowledged = live.acknowledged().size() + crash.acknowledged().size();
    long lost =
        Audit.lost(live.acknowledged(), deployed)
            + Math.max(crash.lost(), Audit.lost(crash.acknowledged(), migrated));
    long duplicated = Audit.duplicated(deployed) + Audit.duplicated(migrated);
    long orders = Stream.concat(live.readers().stream(), Stream.of(deployed)).distinct().count();

    Summary summary = new Summary();
    summary.number("appended", appended, "events are in the log in the end");
    summary.check("acknowledged", acknowledged, appended, "all of them, the retried ones included");
    summary.check("lost", lost, 0, "");
    summary.check("duplicated", duplicated, 0, "");
    summary.check("deduplicated", crash.deduplicated(), 1, "the retry of an acknowledged event");
    summary.check("orders", orders, 1, "all readers saw the same: tab 1, tab 2, and the replay");
    return summary;
  }
}
