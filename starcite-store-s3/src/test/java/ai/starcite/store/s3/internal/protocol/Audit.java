package ai.starcite.store.s3.internal.protocol;

import ai.starcite.spi.ReadOutcome;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SessionKey;
import ai.starcite.spi.StoredSession;
import ai.starcite.store.s3.S3SegmentStore;
import ai.starcite.testkit.sim.SimulatedProcess;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The checks after a trial, when no faults happen any more: a process with no memory finds the
 * whole session, and after twice the grace nothing unneeded is left.
 */
final class Audit {
  private final Trial trial;
  private final SimulatedProcess process;
  private final S3SegmentStore store;

  Audit(Trial trial) {
    this.trial = trial;
    this.process = trial.simulation().startProcess("audit");
    this.store = trial.open(process, () -> {});
  }

  void run() {
    await(store.maintain());
    readAll();
    for (int i = 0; i < 3; i++) {
      sleep();
      await(store.maintain());
      readAll();
    }
    trial.truths().checkNothingLeft();
  }

  private void sleep() {
    process.later("audit sleeps", trial.pace().grace().multipliedBy(2), () -> {});
    trial.simulation().run();
  }

  private void readAll() {
    trial.sessions().forEach(this::readAll);
  }

  private void readAll(String id) {
    Truth truth = trial.truths().of(id);
    Truth.Moment now = truth.moment();
    Optional<StoredSession> loaded = await(store.load(id));
    truth.checkLoaded(now, loaded);
    if (loaded.isEmpty()) {
      return;
    }
    SessionKey key = loaded.get().record().key();
    TrueLife life = truth.life(key);
    long next = 1;
    while (true) {
      if (!(await(store.read(key, next, 1_000)) instanceof ReadOutcome.Segments found)) {
        life.checkGone("a read in the end");
        return;
      }
      life.checkRead(next, life.size(), found.segments());
      if (found.segments().isEmpty()) {
        return;
      }
      Segment last = found.segments().get(found.segments().size() - 1);
      next = last.nextSeq();
      if (last.seals()) {
        return;
      }
    }
  }

  /** Nothing else happens meanwhile. */
  private <T> T await(CompletionStage<T> stage) {
    CompletableFuture<T> future = stage.toCompletableFuture();
    process.later("audit waits", Duration.ZERO, () -> {});
    trial.simulation().run();
    if (!future.isDone()) {
      throw new Violation("an operation never ends");
    }
    return future.join();
  }
}
