package ai.starcite.store.s3.internal.protocol;

import ai.starcite.store.s3.S3SegmentStore;
import ai.starcite.testkit.sim.SimulatedProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;

/**
 * A host of one process, whose store several actors share. The process may sleep or die before any
 * request; after its death a new one starts, with no memory.
 */
final class Host {
  private final Trial trial;
  private final String name;
  private final Random random;
  private final List<Actor> actors = new ArrayList<>();
  private SimulatedProcess process;
  private S3SegmentStore store;
  private int deaths;

  Host(Trial trial, String name) {
    this.trial = trial;
    this.name = name;
    this.random = new Random(trial.simulation().random().nextLong());
    this.process = trial.simulation().startProcess(name);
    this.store = trial.open(process, this::meetFate);
  }

  void add(Actor actor) {
    actors.add(actor);
  }

  S3SegmentStore store() {
    return store;
  }

  CompletionStage<?> reclaim(String id) {
    return trial.reclaim(id, process, this::meetFate);
  }

  SimulatedProcess process() {
    return process;
  }

  private void meetFate() {
    Pace pace = trial.pace();
    if (pace.sleeps(random)) {
      Duration sleep = pace.sleep(random);
      trial.note(name, "sleeps", sleep.toString());
      process.pause(sleep);
    } else if (pace.dies(random)) {
      trial.note(name, "dies", "");
      process.crash();
      process = trial.simulation().startProcess(name + "." + ++deaths);
      store = trial.open(process, this::meetFate);
      for (Actor actor : actors) {
        actor.forget();
        actor.goOn();
      }
    }
  }
}
