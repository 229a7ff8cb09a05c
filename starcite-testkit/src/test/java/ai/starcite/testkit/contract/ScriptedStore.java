package ai.starcite.testkit.contract;

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
import ai.starcite.store.memory.MemorySegmentStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * A memory store behind a bad line: a test holds its answers back, loses or falsifies them, and
 * damages what is read. Every fault is one that a real store may show.
 */
public final class ScriptedStore implements SegmentStore {
  private final MemorySegmentStore store;
  private final Queue<Fault> faults = new ConcurrentLinkedQueue<>();
  private final List<Segment> sent = new CopyOnWriteArrayList<>();
  private final List<Segment> blocking = new CopyOnWriteArrayList<>();
  private volatile Duration linger = Duration.ZERO;
  private volatile UnaryOperator<List<Segment>> reading = UnaryOperator.identity();

  /** The appends, to be held. */
  final Calls<AppendOutcome> appends = new Calls<>();

  /** The reads, to be held. */
  final Calls<ReadOutcome> reads = new Calls<>();

  /** The creates, to be held. */
  final Calls<CreateOutcome> creates = new Calls<>();

  /** The loads, to be held. */
  final Calls<Optional<StoredSession>> loads = new Calls<>();

  /** The updates, to be held. */
  final Calls<UpdateOutcome> updates = new Calls<>();

  /** What becomes of an append. */
  interface Fault {
    /** Answers; the supplier does what was asked for. */
    CompletionStage<AppendOutcome> answer(Supplier<CompletionStage<AppendOutcome>> append);
  }

  /** Puts a bad line before a store. */
  public ScriptedStore(MemorySegmentStore store) {
    this.store = store;
  }

  /** Scripts the next appends, one fault each. */
  void next(Fault... next) {
    faults.addAll(List.of(next));
  }

  /** Every segment that was handed over so far, repetitions too. */
  public List<Segment> sent() {
    return List.copyOf(sent);
  }

  /** Changes what is read from now on. */
  void reading(UnaryOperator<List<Segment>> change) {
    reading = change;
  }

  /** Ends all faults. */
  void heal() {
    faults.clear();
    reading = UnaryOperator.identity();
    appends.release();
    reads.release();
    loads.release();
    creates.release();
    updates.release();
  }

  @Override
  public CompletionStage<AppendOutcome> append(SessionKey session, Segment segment) {
    sent.add(segment);
    Fault fault = faults.poll();
    Supplier<CompletionStage<AppendOutcome>> append = () -> store.append(session, segment);
    return fault != null ? fault.answer(append) : appends.pass(append);
  }

  @Override
  public CompletionStage<AppendOutcome> appendBlocking(SessionKey session, Segment segment) {
    blocking.add(segment);
    return append(session, segment);
  }

  /** Those of {@link #sent} for which the calling thread might be kept. */
  List<Segment> blocking() {
    return List.copyOf(blocking);
  }

  @Override
  public CompletionStage<ReadOutcome> read(SessionKey session, long fromSeq, int maxBytes) {
    return reads.pass(
        () ->
            store
                .read(session, fromSeq, maxBytes)
                .thenApply(
                    outcome ->
                        outcome instanceof ReadOutcome.Segments read
                            ? new ReadOutcome.Segments(reading.apply(read.segments()))
                            : outcome));
  }

  @Override
  public CompletionStage<Optional<StoredSession>> load(String sessionId) {
    return loads.pass(() -> store.load(sessionId));
  }

  @Override
  public CompletionStage<Void> checkpoint(SessionKey session, StateCheckpoint newer) {
    return store.checkpoint(session, newer);
  }

  /** Has logs linger from now on. */
  public void linger(Duration newLinger) {
    linger = newLinger;
  }

  @Override
  public StoreCapabilities capabilities() {
    StoreCapabilities own = store.capabilities();
    return new StoreCapabilities(own.durability(), own.shared(), own.maxSegmentBytes(), linger);
  }

  @Override
  public CompletionStage<CreateOutcome> create(SessionRecord session) {
    return creates.pass(() -> store.create(session));
  }

  @Override
  public CompletionStage<UpdateOutcome> update(SessionRecord next, long expectedVersion) {
    return updates.pass(() -> store.update(next, expectedVersion));
  }

  @Override
  public CompletionStage<RecordPage> list(ListRequest request) {
    return store.list(request);
  }

  @Override
  public CompletionStage<DeleteOutcome> delete(SessionKey session) {
    return store.delete(session);
  }

  @Override
  public Watch watch(SessionKey session, Runnable hint) {
    return store.watch(session, hint);
  }

  @Override
  public void close() {
    store.close();
  }
}
