package ai.starcite.store.s3.internal.protocol;

import ai.starcite.spi.CreateOutcome;
import ai.starcite.spi.SessionKey;
import ai.starcite.store.s3.NoHints;
import ai.starcite.store.s3.S3SegmentStore;
import ai.starcite.store.s3.Stores;
import ai.starcite.testkit.contract.StoreData;
import ai.starcite.testkit.sim.SimulatedProcess;
import ai.starcite.testkit.sim.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One run of the protocol with many processes and every fault, decided by a seed. */
final class Trial {
  private static final Duration GRACE = Duration.ofMinutes(10);

  private final Simulation simulation;
  private final SimulatedObjects objects;
  private final List<String> sessions;
  private final Truths truths;
  private final ProtocolFactory factory;
  private final boolean decidesAgain;
  private final S3Settings settings;
  private final Pace pace;
  private final boolean shares;
  private final List<Host> hosts = new ArrayList<>();
  private int actors;

  /**
   * The result of a trial.
   *
   * @param violation the promise that was broken, if one was
   * @param transcript the requests, for people
   * @param trace equal for equal runs
   */
  record Result(Optional<String> violation, Transcript transcript, long trace) {}

  private Trial(long seed, Profile profile, ProtocolFactory factory, boolean decidesAgain) {
    this.simulation = new Simulation(seed);
    this.objects = new SimulatedObjects(simulation, Weather.CALM);
    this.sessions = profile.sessions();
    this.truths = new Truths(objects, sessions);
    this.factory = factory;
    this.decidesAgain = decidesAgain;
    Random random = new Random(~seed);
    this.settings = TrialSettings.draw(random, GRACE);
    this.pace = Pace.of(random, GRACE);
    this.shares = random.nextInt(3) == 0;
    objects.witness(truths);
  }

  /** Runs a seed. */
  static Result run(long seed, Profile profile, ProtocolFactory factory) {
    return run(new Trial(seed, profile, factory, true), profile);
  }

  /** Runs a seed with writers that resend unchanged what lost its place. */
  static Result runUndecided(long seed, Profile profile) {
    return run(new Trial(seed, profile, new ProtocolFactory(), false), profile);
  }

  private static Result run(Trial trial, Profile profile) {
    Optional<String> violation = Optional.empty();
    try {
      trial.play(profile);
    } catch (Violation e) {
      violation = Optional.of(e.getMessage());
    } catch (RuntimeException | AssertionError e) {
      violation = Optional.of(e.toString());
    }
    return new Result(violation, trial.objects.transcript(), trial.simulation.trace());
  }

  private void play(Profile profile) {
    if (profile.isGiven()) {
      sessions.forEach(this::create);
    }
    objects.weather(Weather.rough(simulation.random(), GRACE, profile.roughness()));
    profile.cast().play(this, this::host).forEach(Actor::goOn);
    simulation.run();
    objects.weather(Weather.CALM);
    new Audit(this).run();
  }

  /** Returns a host of its own, or one that others share. */
  private Host host() {
    if (hosts.isEmpty() || !shares || simulation.random().nextBoolean()) {
      hosts.add(new Host(this, "h" + hosts.size()));
    }
    return shares
        ? hosts.get(simulation.random().nextInt(hosts.size()))
        : hosts.get(hosts.size() - 1);
  }

  private void create(String id) {
    SimulatedProcess process = simulation.startProcess("set-up");
    SessionKey key = StoreData.key(id);
    CompletableFuture<CreateOutcome> created =
        open(process, () -> {}).create(StoreData.record(key)).toCompletableFuture();
    simulation.run();
    if (!(created.join() instanceof CreateOutcome.Created)) {
      throw new Violation("nothing is in the way of a create: " + created.join());
    }
    truths.of(id).life(key).created();
  }

  /** Opens the store of a process. */
  S3SegmentStore open(SimulatedProcess process, Runnable beforeEachRequest) {
    return Stores.over(
        objects.reach(process, beforeEachRequest),
        settings,
        factory,
        new Environment(process.scheduler(), simulation.random(), simulation::elapsedNanos),
        new NoHints());
  }

  Simulation simulation() {
    return simulation;
  }

  SimulatedObjects objects() {
    return objects;
  }

  Truths truths() {
    return truths;
  }

  List<String> sessions() {
    return sessions;
  }

  /** Returns the session of the next actor. */
  String nextSession() {
    return sessions.get(actors++ % sessions.size());
  }

  /** Returns whether writers decide again about what lost its place. */
  boolean decidesAgain() {
    return decidesAgain;
  }

  /** Reclaims what a session has left, in a process with no memory of anything before. */
  CompletionStage<?> reclaim(String id, SimulatedProcess process, Runnable beforeEachRequest) {
    Environment environment =
        new Environment(process.scheduler(), simulation.random(), simulation::elapsedNanos);
    Requests requests =
        factory.requests(objects.reach(process, beforeEachRequest), settings, environment);
    KnownSessions sessions =
        new KnownSessions(
            factory.snapshots(requests, GRACE),
            factory.tombstones(requests, new Tokens(environment.random())),
            0);
    Reclaimer reclaimer = factory.reclaimer(requests, sessions, GRACE);
    return sessions
        .look(id)
        .thenCompose(
            known -> known.isEmpty() ? Requests.done(null) : reclaimer.reclaim(known.get()));
  }

  Pace pace() {
    return pace;
  }

  void note(String who, String what, String result) {
    objects.transcript().note(who, what, "", result);
  }

  /** Ends the run. */
  void violated(Throwable violation) {
    simulation.later(
        "violation",
        Duration.ZERO,
        () -> {
          if (violation instanceof AssertionError e) {
            throw e;
          }
          throw new AssertionError("failed with " + violation, violation);
        });
  }

  /** Checks that an operation without a result failed for lack of an answer only. */
  void checkCause(Throwable cause) {
    if (!Actor.isExcused(Actor.cause(cause))) {
      throw new Violation("an operation failed with " + cause);
    }
  }
}
