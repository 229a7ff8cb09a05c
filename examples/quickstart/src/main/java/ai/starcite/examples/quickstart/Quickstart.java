package ai.starcite.examples.quickstart;

import ai.starcite.AppendOptions;
import ai.starcite.AppendResult;
import ai.starcite.Event;
import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.SessionLog;
import ai.starcite.chat.Status;
import ai.starcite.examples.support.Arguments;
import ai.starcite.examples.support.Audit;
import ai.starcite.examples.support.KilledProcess;
import ai.starcite.examples.support.Summary;
import ai.starcite.store.rocksdb.RocksDbSegmentStore;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Three agents write one session while two tabs show it; then a writer is killed and retries, and
 * nothing is lost. Read on in {@link Agent}, {@link Tab} and {@link CrashingWriter}.
 */
public record Quickstart(PrintStream out) {
  private static final String DEPLOY = "deploy-v2.4";
  private static final String MIGRATE = "migrate-v2.4";

  /** Runs, and ends this JVM with the exit code unless that is 0. */
  public static void main(String[] args) throws Exception {
    Arguments.main(Quickstart.class, (store, out) -> new Quickstart(out).run(store), args);
  }

  /** Runs everything on a log in a new directory, and returns the exit code. */
  int run(Path directory) throws Exception {
    out.printf("Three agents, one session, two tabs. The log is in %s%n%n", directory);
    Map<Long, NewEvent> acknowledged = new ConcurrentSkipListMap<>(); // by seq
    List<List<Event>> shown;
    try (SessionLog log = SessionLog.open(RocksDbSegmentStore.open(directory))) {
      log.create(NewSession.ofId(DEPLOY).withTitle("Deploy v2.4"));
      log.create(NewSession.ofId(MIGRATE).withTitle("Migrate for v2.4"));
      shown = deploy(log, acknowledged);
    }
    out.println();
    int enough = ThreadLocalRandom.current().nextInt(100, 300);
    long last = KilledProcess.run(CrashingWriter.class, enough, directory, MIGRATE);
    try (SessionLog log = SessionLog.open(RocksDbSegmentStore.open(directory))) {
      return check(log, acknowledged, shown, last);
    }
  }

  /** Three agents work at once; returns what the two tabs have shown. */
  private List<List<Event>> deploy(SessionLog log, Map<Long, NewEvent> acknowledged)
      throws Exception {
    Tab tab1 = new Tab("tab 1", log, DEPLOY, out);
    Tab tab2 = new Tab("tab 2", log, DEPLOY, out);
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      Future<?> second = threads.submit(() -> tab2.show(Integer.MAX_VALUE));
      Future<?> planner = threads.submit(new Agent(log, DEPLOY, "planner", acknowledged)::plan);
      Future<?> validator =
          threads.submit(new Agent(log, DEPLOY, "validator", acknowledged)::validate);
      Future<?> deployer = threads.submit(new Agent(log, DEPLOY, "deployer", acknowledged)::deploy);
      // The first tab is closed in the middle, and opened again when it has missed something.
      threads.submit(() -> tab1.show(6)).get(1, TimeUnit.MINUTES);
      tab1.remark("refreshed with");
      validator.get(1, TimeUnit.MINUTES);
      tab1.remark("is back, and resumes from");
      Future<?> first = threads.submit(() -> tab1.show(Integer.MAX_VALUE));
      planner.get(1, TimeUnit.MINUTES);
      deployer.get(1, TimeUnit.MINUTES);
      // The last event and the end of the session are one append. With it, both tabs complete.
      NewEvent event = NewEvent.of(new Status("deployed", "v2.4")).withActor("system");
      AppendOptions sealing = AppendOptions.defaults().withSeal();
      acknowledged.put(log.producer(DEPLOY, "host").append(event, sealing).seq(), event);
      first.get(1, TimeUnit.MINUTES);
      second.get(1, TimeUnit.MINUTES);
    } finally {
      threads.shutdownNow();
    }
    return List.of(tab1.shown, tab2.shown);
  }

  /** Is everything there after the crash, and is a retry told from a new event? */
  private int check(
      SessionLog log, Map<Long, NewEvent> deployed, List<List<Event>> shown, long last) {
    String killed = "A writer was killed: %d events acknowledged, number %d in doubt.%n";
    out.printf(killed, last, last + 1);
    List<Event> found = Audit.replay(log, MIGRATE);
    out.printf("After the restart, the log has %d events of it.%n", found.size());
    Map<Long, NewEvent> migrated = new TreeMap<>();
    for (long n = 1; n <= last; n++) {
      migrated.put(n, CrashingWriter.event(n)); // nobody else writes here, so n is the seq
    }
    long lost = Audit.lost(migrated, found);
    AppendResult known = retry(log, last, true);
    AppendResult doubted = retry(log, last + 1, false);
    migrated.put(doubted.seq(), CrashingWriter.event(last + 1));

    List<Event> deployment = Audit.replay(log, DEPLOY);
    List<Event> migration = Audit.replay(log, MIGRATE);
    long appended = deployment.size() + migration.size();
    long acknowledged = deployed.size() + migrated.size();
    lost = Audit.lost(deployed, deployment) + Math.max(lost, Audit.lost(migrated, migration));
    long duplicated = Audit.duplicated(deployment) + Audit.duplicated(migration);
    long deduplicated = known.deduped() && known.seq() == last ? 1 : 0;
    long orders = Stream.concat(shown.stream(), Stream.of(deployment)).distinct().count();
    Summary summary = new Summary();
    summary.number("appended", appended, "events are in the log in the end");
    summary.check("acknowledged", acknowledged, appended, "all of them, the retried ones included");
    summary.check("lost", lost, 0, "");
    summary.check("duplicated", duplicated, 0, "");
    summary.check("deduplicated", deduplicated, 1, "the retry of an acknowledged event");
    summary.check("orders", orders, 1, "all readers saw the same: tab 1, tab 2, and the replay");
    return summary.print(out);
  }

  private AppendResult retry(SessionLog log, long n, boolean isAcknowledged) {
    AppendResult result = log.append(MIGRATE, CrashingWriter.event(n));
    String unknown =
        result.deduped() ? "it was stored before the kill" : "it was not stored, and is now";
    String remark = isAcknowledged ? "it was acknowledged, and is not written twice" : unknown;
    String line = "Retry of number %d: seq=%d deduped=%b, %s.%n";
    out.printf(line, n, result.seq(), result.deduped(), remark);
    return result;
  }
}
