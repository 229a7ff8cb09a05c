package ai.starcite.store.s3.internal.protocol;

import ai.starcite.NewSession;
import ai.starcite.SessionLog;
import ai.starcite.store.s3.NoHints;
import ai.starcite.store.s3.S3SegmentStore;
import ai.starcite.store.s3.Stores;
import ai.starcite.testkit.history.History;
import ai.starcite.testkit.history.HistoryChecker;
import ai.starcite.testkit.sim.SimulatedClient;
import ai.starcite.testkit.sim.SimulatedProcess;
import ai.starcite.testkit.sim.Simulation;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** One seed of whole logs, in many processes that share a bucket, sleep for days, and die. */
final class LogTrial {
  private static final Duration GRACE = Duration.ofMinutes(10);
  private static final int LINES = 60;

  private final long seed;
  private final ProtocolFactory factory;
  private final Simulation simulation;
  private final Random random;
  private final SimulatedObjects objects;
  private final History history = new History();
  private final List<String> sessions;
  private final S3Settings settings;
  private final Pace pace;
  private final @Nullable SimulatedHints hints;

  /** The percentage of calls that delete a session and create it again, for clients that may. */
  private final int recreations;

  LogTrial(long seed, ProtocolFactory factory) {
    this.seed = seed;
    this.factory = factory;
    this.simulation = new Simulation(seed);
    this.random = new Random(~seed);
    this.objects = new SimulatedObjects(simulation, Weather.CALM);
    this.sessions = random.nextBoolean() ? List.of("s") : List.of("s", "../s");
    this.settings = TrialSettings.draw(random, GRACE);
    this.pace = Pace.of(random, GRACE);
    this.hints =
        random.nextInt(3) == 0
            ? null
            : new SimulatedHints(simulation.random(), GRACE.multipliedBy(3));
    this.recreations = random.nextInt(3) == 0 ? 25 : 2;
    objects.witness(new Truths(objects, sessions));
  }

  /**
   * Runs the trial.
   *
   * @return the trace
   * @throws AssertionError if an answer contradicts another, or what is stored
   */
  long play() {
    SimulatedProcess setUp = simulation.startProcess("set-up");
    S3SegmentStore store = open(setUp, () -> {});
    SessionLog reader = setUp.open(SessionLog.builder(store));
    sessions.forEach(id -> history.create(reader, NewSession.ofId(id)));
    objects.weather(Weather.rough(simulation.random(), GRACE));
    int processes = 2 + random.nextInt(random.nextInt(4) == 0 ? 7 : 3);
    for (int i = 0; i < processes; i++) {
      start("p" + i, 0);
    }
    String last = "";
    try {
      simulation.run();
      last = objects.transcript().last(LINES);
      objects.weather(Weather.CALM);
      new HistoryChecker(history).withSeed(seed).check(reader);
    } catch (RuntimeException | AssertionError e) {
      String story = last.isEmpty() ? objects.transcript().last(LINES) : last;
      throw new AssertionError(e.getMessage() + "\n" + story, e);
    }
    return simulation.trace();
  }

  /** Starts a process with some clients, and another one in its place if it dies. */
  private void start(String name, int deaths) {
    SimulatedProcess process = simulation.startProcess(name);
    boolean lasting = random.nextInt(3) == 0;
    long seedOfNext = random.nextLong();
    S3SegmentStore store =
        open(process, () -> meetFate(process, lasting, name, deaths, seedOfNext));
    SessionLog log = process.open(SessionLog.builder(store));
    for (int client = random.nextInt(2); client >= 0; client--) {
      String clientName = name + "-" + client;
      SimulatedClient calls =
          new SimulatedClient(
              simulation,
              history,
              log,
              sessions,
              clientName,
              lasting ? recreations : 0,
              random.nextLong());
      process.run(calls.calls(5 + random.nextInt(10)));
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      process.later("maintains", Duration.ofSeconds(random.nextInt(1_500)), store::maintain);
    }
  }

  private void meetFate(
      SimulatedProcess process, boolean lasting, String name, int deaths, long seedOfNext) {
    if (pace.sleeps(random)) {
      Duration sleep = random.nextInt(4) == 0 ? Duration.ofDays(2) : pace.sleep(random);
      process.pause(sleep);
    } else if (!lasting && deaths < 2 && pace.dies(random)) {
      process.crash();
      start(name + "'", deaths + 1);
    }
  }

  private S3SegmentStore open(SimulatedProcess process, Runnable beforeEachRequest) {
    return Stores.over(
        objects.reach(process, beforeEachRequest),
        settings,
        factory,
        new Environment(process.scheduler(), simulation.random(), simulation::elapsedNanos),
        hints == null ? new NoHints() : hints.reach(process));
  }
}
