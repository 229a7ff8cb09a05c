package ai.starcite.testkit.sim;

import ai.starcite.spi.AppendOutcome;
import ai.starcite.spi.CreateOutcome;
import ai.starcite.spi.DeleteOutcome;
import ai.starcite.spi.ListRequest;
import ai.starcite.spi.ReadOutcome;
import ai.starcite.spi.RecordPage;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SegmentStore;
import ai.starcite.spi.SessionKey;
import ai.starcite.spi.SessionRecord;
import ai.starcite.spi.StateCheckpoint;
import ai.starcite.spi.StoreCapabilities;
import ai.starcite.spi.StoredSession;
import ai.starcite.spi.UpdateOutcome;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * A store at the other end of a simulated network: a call takes a while to get there, is done in
 * one step, and its answer takes a while to come back, if there is still somebody to hear it.
 */
final class DistantStore implements SegmentStore {
  private final SegmentStore store;
  private final Simulation simulation;
  private final SimulatedProcess caller;
  private final ToLongFunction<String> delayNanos;

  /** A store that is reached by a network as {@link Simulation#delay} has it. */
  DistantStore(SegmentStore store, Simulation simulation, SimulatedProcess caller) {
    this(store, simulation, caller, operation -> simulation.delay());
  }

  /** A store that takes so long to reach, and again to answer, by what it is to do. */
  DistantStore(
      SegmentStore store,
      Simulation simulation,
      SimulatedProcess caller,
      ToLongFunction<String> delayNanos) {
    this.store = store;
    this.simulation = simulation;
    this.caller = caller;
    this.delayNanos = delayNanos;
  }

  private <T> CompletionStage<T> call(String what, Supplier<CompletionStage<T>> operation) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    String name = caller.name() + " " + what;
    simulation.schedule(
        name,
        null,
        delayNanos.applyAsLong(what),
        () ->
            operation
                .get()
                .whenComplete(
                    (value, failure) ->
                        simulation.schedule(
                            name + " answer",
                            caller,
                            delayNanos.applyAsLong(what),
                            () -> {
                              if (failure == null) {
                                answer.complete(value);
                              } else {
                                answer.completeExceptionally(failure);
                              }
                            })));
    return answer;
  }

  @Override
  public StoreCapabilities capabilities() {
    return store.capabilities();
  }

  @Override
  public CompletionStage<CreateOutcome> create(SessionRecord session) {
    return call("create", () -> store.create(session));
  }

  @Override
  public CompletionStage<Optional<StoredSession>> load(String sessionId) {
    return call("load", () -> store.load(sessionId));
  }

  @Override
  public CompletionStage<AppendOutcome> append(SessionKey session, Segment segment) {
    return call("append " + segment, () -> store.append(session, segment));
  }

  @Override
  public CompletionStage<ReadOutcome> read(SessionKey session, long fromSeq, int maxBytes) {
    return call("read " + fromSeq, () -> store.read(session, fromSeq, maxBytes));
  }

  @Override
  public CompletionStage<UpdateOutcome> update(SessionRecord next, long expectedVersion) {
    return call("update", () -> store.update(next, expectedVersion));
  }

  @Override
  public CompletionStage<RecordPage> list(ListRequest request) {
    return call("list", () -> store.list(request));
  }

  @Override
  public CompletionStage<DeleteOutcome> delete(SessionKey session) {
    return call("delete", () -> store.delete(session));
  }

  @Override
  public CompletionStage<Void> checkpoint(SessionKey session, StateCheckpoint checkpoint) {
    return call("checkpoint", () -> store.checkpoint(session, checkpoint));
  }

  @Override
  public Watch watch(SessionKey session, Runnable hint) {
    return store.watch(
        session,
        () -> simulation.schedule(caller.name() + " hint", caller, simulation.delay(), hint));
  }

  /** Leaves the store open, which is not this process's alone. */
  @Override
  public void close() {}
}
