package ai.starcite.testkit;

import ai.starcite.spi.AppendOutcome;
import ai.starcite.spi.CreateOutcome;
import ai.starcite.spi.DeleteOutcome;
import ai.starcite.spi.Indefinite;
import ai.starcite.spi.ListRequest;
import ai.starcite.spi.ReadOutcome;
import ai.starcite.spi.RecordPage;
import ai.starcite.spi.Rejected;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SegmentStore;
import ai.starcite.spi.SessionKey;
import ai.starcite.spi.SessionRecord;
import ai.starcite.spi.StateCheckpoint;
import ai.starcite.spi.StoreCapabilities;
import ai.starcite.spi.StoredSession;
import ai.starcite.spi.UpdateOutcome;
import ai.starcite.testkit.Faults.Kind;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Injects faults: passes each call on to another store, and now and then loses, repeats, delays or
 * refuses one, as a network or a machine might.
 *
 * <pre>{@code
 * SegmentStore store = new FaultInjectingStore(MyStore.open(…), Faults.masked(seed));
 * }</pre>
 *
 * <p>It stays within the SPI, so a log must cope with all of it. In particular:
 *
 * <ul>
 *   <li>Calls reach the other store in the order in which they are made, except late and repeated
 *       writes. Those are harmless, because a store checks the first seq of an append, the version
 *       of an update, and the incarnation of both.
 *   <li>Nothing that is read is stale: {@code load} sees every write acknowledged before it, a read
 *       whatever an append was in conflict with, and a log relies on that. Only checkpoints may be
 *       old or missing, hints may be lost, and a read may give fewer segments than would fit.
 *   <li>Segments are damaged only on demand; see {@link #corruptReads}.
 * </ul>
 *
 * <p>The same seed and the same calls in the same order give the same faults. What is late runs on
 * a scheduler; by default on a thread of its own, {@code starcite-faults-n}, which starts when it
 * is needed and ends when it is idle or the store is closed. Thread-safe.
 */
public final class FaultInjectingStore implements SegmentStore {
  private static final List<Kind> OF_CREATES =
      List.of(Kind.REJECTED_WRITE, Kind.LOST_WRITE, Kind.LOST_ANSWER);
  private static final List<Kind> OF_WRITES =
      List.of(
          Kind.REJECTED_WRITE,
          Kind.LOST_WRITE,
          Kind.LOST_ANSWER,
          Kind.LATE_WRITE,
          Kind.DOUBLE_WRITE);

  private final SegmentStore store;
  private final FaultDraws draws;
  private final @Nullable ScheduledExecutorService owned;
  private final HeldAnswers answers;
  private final SegmentDamage damage;
  private volatile boolean closed;

  /**
   * Wraps a store.
   *
   * @param store where calls go; closed with this one
   * @param faults what goes wrong
   */
  public FaultInjectingStore(SegmentStore store, Faults faults) {
    this(store, faults, FaultThread.make(), true);
  }

  /**
   * Wraps a store.
   *
   * @param store where calls go; closed with this one
   * @param faults what goes wrong
   * @param scheduler what late writes and late answers run on; not shut down
   */
  public FaultInjectingStore(
      SegmentStore store, Faults faults, ScheduledExecutorService scheduler) {
    this(store, faults, scheduler, false);
  }

  private FaultInjectingStore(
      SegmentStore store, Faults faults, ScheduledExecutorService scheduler, boolean own) {
    this.store = store;
    this.draws = new FaultDraws(faults);
    this.owned = own ? scheduler : null;
    this.answers = new HeldAnswers(draws, scheduler);
    this.damage = new SegmentDamage(draws);
  }

  /**
   * Returns how often each kind of fault was injected so far, so that a test can assert that there
   * were any.
   *
   * @return a count for every kind
   */
  public Map<Kind, Long> injected() {
    return draws.injected();
  }

  /** Ends all faults, but for damage and for writes that are under way. */
  public void heal() {
    draws.heal();
  }

  /**
   * Damages segments on their way from the store: one bit of any byte is flipped, in a copy. A read
   * ends before bytes that are no segment any more, and fails with {@code CORRUPT} if it begins
   * there, as in a store that finds such bytes.
   *
   * @param which the segments to damage, from now on; one that is always false ends it
   */
  public void corruptReads(BiPredicate<SessionKey, Segment> which) {
    damage.set(which, draws::below);
  }

  /**
   * Damages a given byte of segments on their way from the store.
   *
   * @param which the segments to damage, from now on
   * @param position which byte, counted around if the segment is shorter
   */
  public void corruptReads(BiPredicate<SessionKey, Segment> which, int position) {
    damage.set(which, length -> position % length);
  }

  @Override
  public StoreCapabilities capabilities() {
    return store.capabilities();
  }

  @Override
  public CompletionStage<CreateOutcome> create(SessionRecord session) {
    return write(
        session.key().id(),
        OF_CREATES,
        () -> store.create(session),
        Rejected::new,
        Indefinite::new);
  }

  @Override
  public CompletionStage<AppendOutcome> append(SessionKey session, Segment segment) {
    return append(session, () -> store.append(session, segment));
  }

  @Override
  public CompletionStage<AppendOutcome> appendBlocking(SessionKey session, Segment segment) {
    return append(session, () -> store.appendBlocking(session, segment));
  }

  private CompletionStage<AppendOutcome> append(
      SessionKey session, Supplier<CompletionStage<AppendOutcome>> append) {
    return write(session.id(), OF_WRITES, append, Rejected::new, Indefinite::new);
  }

  @Override
  public CompletionStage<UpdateOutcome> update(SessionRecord next, long expectedVersion) {
    return write(
        next.key().id(),
        OF_WRITES,
        () -> store.update(next, expectedVersion),
        Rejected::new,
        Indefinite::new);
  }

  @Override
  public CompletionStage<DeleteOutcome> delete(SessionKey session) {
    return write(
        session.id(), OF_WRITES, () -> store.delete(session), Rejected::new, Indefinite::new);
  }

  private <T> CompletionStage<T> write(
      String sessionId,
      List<Kind> kinds,
      Supplier<CompletionStage<T>> write,
      Function<Throwable, T> rejected,
      Function<Throwable, T> indefinite) {
    Kind kind = closed ? null : draws.draw(kinds);
    if (kind == null) {
      return answers.pass(sessionId, write.get());
    }
    IOException cause = new IOException("injected fault: " + kind);
    switch (kind) {
      case REJECTED_WRITE:
        return answers.pass(sessionId, CompletableFuture.completedFuture(rejected.apply(cause)));
      case DOUBLE_WRITE:
        CompletionStage<T> first = write.get();
        answers.later(write::get);
        return answers.pass(sessionId, first);
      case LATE_WRITE:
        answers.later(write::get);
        return unknown(sessionId, CompletableFuture.completedFuture(null), cause, indefinite);
      case LOST_ANSWER:
        return unknown(sessionId, write.get(), cause, indefinite);
      default:
        return unknown(sessionId, CompletableFuture.completedFuture(null), cause, indefinite);
    }
  }

  /** Answers, once something is done, that nothing is known: in one of three ways. */
  private <T> CompletionStage<T> unknown(
      String sessionId,
      CompletionStage<?> done,
      IOException cause,
      Function<Throwable, T> indefinite) {
    return switch (draws.below(3)) {
      case 0 -> throw new IllegalStateException(cause.getMessage(), cause);
      case 1 ->
          answers.pass(
              sessionId,
              done.handle((t, e) -> cause).thenCompose(CompletableFuture::<T>failedFuture));
      default ->
          answers.pass(sessionId, done.<T>handle((written, failure) -> indefinite.apply(cause)));
    };
  }

  @Override
  public CompletionStage<Optional<StoredSession>> load(String sessionId) {
    boolean forgotten = draws.draw(Kind.LOST_CHECKPOINT);
    return read(
        sessionId,
        () ->
            forgotten
                ? store.load(sessionId).thenApply(FaultInjectingStore::withoutCheckpoint)
                : store.load(sessionId));
  }

  private static Optional<StoredSession> withoutCheckpoint(Optional<StoredSession> stored) {
    return stored.map(s -> new StoredSession(s.record(), s.nextSeq(), Optional.empty()));
  }

  @Override
  public CompletionStage<ReadOutcome> read(SessionKey session, long fromSeq, int maxBytes) {
    boolean isShort = draws.draw(Kind.SHORT_READ);
    return read(
        session.id(),
        () ->
            store
                .read(session, fromSeq, maxBytes)
                .thenApply(outcome -> changed(session, outcome, isShort)));
  }

  private ReadOutcome changed(SessionKey session, ReadOutcome outcome, boolean isShort) {
    if (!(outcome instanceof ReadOutcome.Segments read) || read.segments().isEmpty()) {
      return outcome;
    }
    List<Segment> given = isShort ? read.segments().subList(0, 1) : read.segments();
    return new ReadOutcome.Segments(damage.apply(session, given));
  }

  @Override
  public CompletionStage<RecordPage> list(ListRequest request) {
    return read("", () -> store.list(request));
  }

  private <T> CompletionStage<T> read(String sessionId, Supplier<CompletionStage<T>> read) {
    boolean fails = !closed && draws.draw(Kind.FAILED_READ);
    return answers.pass(
        sessionId,
        fails
            ? CompletableFuture.failedFuture(new IOException("injected fault: FAILED_READ"))
            : read.get());
  }

  @Override
  public CompletionStage<Void> checkpoint(SessionKey session, StateCheckpoint checkpoint) {
    return draws.draw(Kind.OLD_CHECKPOINT)
        ? CompletableFuture.completedFuture(null)
        : store.checkpoint(session, checkpoint);
  }

  @Override
  public Watch watch(SessionKey session, Runnable hint) {
    return store.watch(
        session,
        () -> {
          if (!draws.draw(Kind.LOST_HINT)) {
            hint.run();
          }
        });
  }

  /** Answers what is held back, forgets writes that are late, and closes the other store. */
  @Override
  public void close() {
    closed = true;
    answers.close();
    if (owned != null) {
      owned.shutdownNow();
    }
    store.close();
  }
}
