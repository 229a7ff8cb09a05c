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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** A real store whose reads and answers a test can change or delay. */
final class TamperedStore implements SegmentStore {
  private final SegmentStore store = MemorySegmentStore.open();
  private final AtomicInteger reads = new AtomicInteger();

  /** What becomes of a read: called before it, on the thread that reads. */
  private volatile Function<CompletionStage<ReadOutcome>, CompletionStage<ReadOutcome>> onRead =
      read -> read;

  /** What runs before a read reaches the store. */
  private volatile Runnable beforeRead = () -> {};

  /** When what was appended is answered. */
  private volatile UnaryOperator<CompletionStage<AppendOutcome>> onAppend = outcome -> outcome;

  /** When what was deleted is answered. */
  private volatile UnaryOperator<CompletionStage<DeleteOutcome>> onDelete = outcome -> outcome;

  void onRead(Function<CompletionStage<ReadOutcome>, CompletionStage<ReadOutcome>> change) {
    onRead = change;
  }

  void beforeRead(Runnable action) {
    beforeRead = action;
  }

  void onAppend(UnaryOperator<CompletionStage<AppendOutcome>> change) {
    onAppend = change;
  }

  void onDelete(UnaryOperator<CompletionStage<DeleteOutcome>> change) {
    onDelete = change;
  }

  /** How many reads there were. */
  int reads() {
    return reads.get();
  }

  /** Answers when a gate opens. */
  static <T> UnaryOperator<CompletionStage<T>> after(CompletableFuture<?> gate) {
    return outcome -> gate.thenCompose(opened -> outcome);
  }

  @Override
  public StoreCapabilities capabilities() {
    return store.capabilities();
  }

  @Override
  public CompletionStage<CreateOutcome> create(SessionRecord session) {
    return store.create(session);
  }

  @Override
  public CompletionStage<Optional<StoredSession>> load(String sessionId) {
    return store.load(sessionId);
  }

  @Override
  public CompletionStage<AppendOutcome> append(SessionKey session, Segment segment) {
    return onAppend.apply(store.append(session, segment));
  }

  @Override
  public CompletionStage<ReadOutcome> read(SessionKey session, long fromSeq, int maxBytes) {
    reads.incrementAndGet();
    beforeRead.run();
    return onRead.apply(store.read(session, fromSeq, maxBytes));
  }

  @Override
  public CompletionStage<UpdateOutcome> update(SessionRecord next, long expectedVersion) {
    return store.update(next, expectedVersion);
  }

  @Override
  public CompletionStage<RecordPage> list(ListRequest request) {
    return store.list(request);
  }

  @Override
  public CompletionStage<DeleteOutcome> delete(SessionKey session) {
    return onDelete.apply(store.delete(session));
  }

  @Override
  public CompletionStage<Void> checkpoint(SessionKey session, StateCheckpoint checkpoint) {
    return store.checkpoint(session, checkpoint);
  }

  @Override
  public void close() {
    store.close();
  }
}
