package ai.starcite.store.s3.internal.protocol;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.spi.ReadOutcome;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SessionKey;
import ai.starcite.spi.SessionRecord;
import ai.starcite.spi.StoredSession;
import ai.starcite.store.s3.S3SegmentStore;
import ai.starcite.store.s3.internal.client.ObjectException;
import ai.starcite.testkit.sim.SimulatedProcess;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Repeats one kind of call, in the process of a {@link Host}. */
abstract class Actor {
  private static final int READ_BYTES = 600;
  private static final Set<Code> EXCUSES = Set.of(Code.STORE_UNAVAILABLE, Code.OUTCOME_UNKNOWN);

  final Trial trial;
  final Truth truth;
  final Random random;
  final String name;
  final String id;
  private final Host host;
  private int turns;

  Actor(Trial trial, Host host, String name, int turns) {
    this.trial = trial;
    this.id = trial.nextSession();
    this.truth = trial.truths().of(id);
    this.host = host;
    this.name = name;
    this.turns = turns;
    this.random = new Random(trial.simulation().random().nextLong());
    host.add(this);
  }

  /** Calls the store of the current process. If that dies meanwhile, the answer is dropped. */
  final <T> CompletionStage<T> call(Function<S3SegmentStore, CompletionStage<T>> operation) {
    SimulatedProcess caller = host.process();
    CompletableFuture<T> heard = new CompletableFuture<>();
    operation
        .apply(host.store())
        .whenComplete(
            (value, failure) -> {
              if (caller.isDead()) {
                return;
              }
              if (failure == null) {
                heard.complete(value);
              } else {
                heard.completeExceptionally(cause(failure));
              }
            });
    return heard;
  }

  /** Reclaims what the session has left, and does nothing else. */
  final CompletionStage<?> reclaim() {
    return host.reclaim(id);
  }

  /** Makes one call, to its end. */
  abstract CompletionStage<?> turn();

  /** Forgets everything, as a new process does. */
  abstract void forget();

  /** Takes the next turn after a pause. */
  final void goOn() {
    if (turns-- > 0) {
      host.process().later(name + " turn", trial.pace().thinking(random), this::takeTurn);
    }
  }

  private void takeTurn() {
    CompletionStage<?> turn;
    try {
      turn = turn();
    } catch (RuntimeException | AssertionError e) {
      turn = CompletableFuture.failedFuture(e);
    }
    turn.whenComplete(
        (done, failure) -> {
          if (failure == null || isExcused(cause(failure))) {
            goOn();
          } else {
            trial.violated(cause(failure));
          }
        });
  }

  /** Returns whether a call may fail this way when the object store gives no answer. */
  static boolean isExcused(Throwable failure) {
    return failure instanceof ObjectException
        || (failure instanceof SessionLogException known && EXCUSES.contains(known.code()));
  }

  static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  static CompletionStage<Boolean> now(boolean value) {
    return CompletableFuture.completedFuture(value);
  }

  /** Returns the record with a token from the seed. */
  final SessionRecord tokened(SessionRecord record) {
    return new SessionRecord(
        record.key(),
        record.title(),
        record.metadata(),
        record.createdAt(),
        record.updatedAt(),
        record.version(),
        record.archived(),
        record.sealed(),
        new UUID(random.nextLong(), random.nextLong()));
  }

  /** Loads the session, and checks the answer. */
  final CompletionStage<Optional<StoredSession>> load() {
    Truth.Moment before = truth.moment();
    return call(store -> store.load(id))
        .thenApply(
            loaded -> {
              truth.checkLoaded(before, loaded);
              return loaded;
            });
  }

  /** Reads on, and checks the answer; empty if the session was deleted. */
  final CompletionStage<Optional<List<Segment>>> read(SessionKey key, long from) {
    TrueLife life = truth.life(key);
    int before = life.size();
    return call(store -> store.read(key, from, READ_BYTES))
        .thenApply(
            outcome -> {
              if (outcome instanceof ReadOutcome.Segments found) {
                life.checkRead(from, before, found.segments());
                return Optional.of(found.segments());
              }
              life.checkGone("a read");
              return Optional.empty();
            });
  }
}
