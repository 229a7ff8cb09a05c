package ai.starcite.spi;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * A store over a client that blocks, such as JDBC: write seven plain methods, and this class runs
 * them on a few threads of its own.
 *
 * <p><b>Failure.</b> A write that throws counts as {@link Indefinite}: it is sent again. If it is
 * certain that nothing was written and never will be, return {@link Rejected} instead. A read that
 * throws fails: with a {@link SessionLogException} as it is, with anything else as {@code
 * STORE_UNAVAILABLE}.
 *
 * <p><b>Time.</b> Every call must return in the end: bound it by a time-out of the client. The
 * queue of calls needs no bound, since a log has one write of a session under way, and bounds their
 * bytes.
 *
 * <p><b>Closing.</b> {@link #close} refuses new calls, waits up to ten seconds for those that run,
 * without interrupting them, and then calls {@link #release}.
 *
 * <p>Thread-safe; so must the methods be that are overridden.
 */
public abstract class BlockingSegmentStore implements SegmentStore {
  private static final long CLOSE_SECONDS = 10;
  private static final long IDLE_SECONDS = 10;

  private final String name;
  private final ThreadPoolExecutor threads;
  private volatile boolean closed;

  /**
   * For subclasses.
   *
   * @param name what the store is called in thread names and messages, such as {@code jdbc}
   * @param threadCount how many calls run at once, at least 1
   */
  protected BlockingSegmentStore(String name, int threadCount) {
    this.name = Objects.requireNonNull(name, "name");
    AtomicInteger number = new AtomicInteger();
    threads =
        new ThreadPoolExecutor(
            threadCount,
            threadCount,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "starcite-" + name + "-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * Does what {@link SegmentStore#create} promises.
   *
   * @param session the new session's record
   * @return the outcome
   * @throws Exception if the outcome is unknown
   */
  protected abstract CreateOutcome createNow(SessionRecord session) throws Exception;

  /**
   * Does what {@link SegmentStore#load} promises.
   *
   * @param sessionId the session's id
   * @return record, head and checkpoint, or empty
   * @throws Exception if the store cannot be read
   */
  protected abstract Optional<StoredSession> loadNow(String sessionId) throws Exception;

  /**
   * Does what {@link SegmentStore#append} promises.
   *
   * @param session id and incarnation
   * @param segment the segment
   * @return the outcome
   * @throws Exception if the outcome is unknown
   */
  protected abstract AppendOutcome appendNow(SessionKey session, Segment segment) throws Exception;

  /**
   * Does what {@link SegmentStore#read} promises.
   *
   * @param session id and incarnation
   * @param fromSeq the seq to start at
   * @param maxBytes about how many bytes to return
   * @return the segments, or that the session is gone
   * @throws Exception if the store cannot be read
   */
  protected abstract ReadOutcome readNow(SessionKey session, long fromSeq, int maxBytes)
      throws Exception;

  /**
   * Does what {@link SegmentStore#update} promises.
   *
   * @param next the new record
   * @param expectedVersion the version it is made from
   * @return the outcome
   * @throws Exception if the outcome is unknown
   */
  protected abstract UpdateOutcome updateNow(SessionRecord next, long expectedVersion)
      throws Exception;

  /**
   * Does what {@link SegmentStore#list} promises.
   *
   * @param request where to start and how many to look at
   * @return a page
   * @throws Exception if the store cannot be read
   */
  protected abstract RecordPage listNow(ListRequest request) throws Exception;

  /**
   * Does what {@link SegmentStore#delete} promises.
   *
   * @param session id and incarnation
   * @return the outcome
   * @throws Exception if the outcome is unknown
   */
  protected abstract DeleteOutcome deleteNow(SessionKey session) throws Exception;

  /**
   * Does what {@link SegmentStore#checkpoint} promises; keeps nothing by default.
   *
   * @param session id and incarnation
   * @param checkpoint what to keep, instead of an earlier one
   * @throws Exception if it was not kept, which is of no consequence
   */
  protected void checkpointNow(SessionKey session, StateCheckpoint checkpoint) throws Exception {}

  /** Releases what the store holds, once no call runs any more; does nothing by default. */
  protected void release() {}

  @Override
  public final CompletionStage<CreateOutcome> create(SessionRecord session) {
    return write(() -> createNow(session), Rejected::new, Indefinite::new);
  }

  @Override
  public final CompletionStage<Optional<StoredSession>> load(String sessionId) {
    return read(() -> loadNow(sessionId));
  }

  @Override
  public final CompletionStage<AppendOutcome> append(SessionKey session, Segment segment) {
    return write(() -> appendNow(session, segment), Rejected::new, Indefinite::new);
  }

  @Override
  public final CompletionStage<ReadOutcome> read(SessionKey session, long fromSeq, int maxBytes) {
    return read(() -> readNow(session, fromSeq, maxBytes));
  }

  @Override
  public final CompletionStage<UpdateOutcome> update(SessionRecord next, long expectedVersion) {
    return write(() -> updateNow(next, expectedVersion), Rejected::new, Indefinite::new);
  }

  @Override
  public final CompletionStage<RecordPage> list(ListRequest request) {
    return read(() -> listNow(request));
  }

  @Override
  public final CompletionStage<DeleteOutcome> delete(SessionKey session) {
    return write(() -> deleteNow(session), Rejected::new, Indefinite::new);
  }

  @Override
  public final CompletionStage<Void> checkpoint(SessionKey session, StateCheckpoint checkpoint) {
    return read(
        () -> {
          checkpointNow(session, checkpoint);
          return null;
        });
  }

  @Override
  public final void close() {
    closed = true;
    threads.shutdown();
    try {
      // Without an interrupt, which some clients take for a reason to close what others still use.
      threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      release();
    }
  }

  private <T> CompletionStage<T> write(
      Callable<T> call, Function<Throwable, T> rejected, Function<Throwable, T> indefinite) {
    // What was refused has not begun.
    return submit(call, indefinite).exceptionally(rejected);
  }

  private <T> CompletionStage<T> read(Callable<T> call) {
    return submit(
        call,
        failure -> {
          throw failure instanceof SessionLogException known
              ? known
              : new SessionLogException(
                  Code.STORE_UNAVAILABLE,
                  "the %s store failed: %s".formatted(name, failure),
                  failure);
        });
  }

  private <T> CompletableFuture<T> submit(Callable<T> call, Function<Throwable, T> failed) {
    CompletableFuture<T> result = new CompletableFuture<>();
    try {
      threads.execute(() -> run(call, failed, result));
    } catch (RejectedExecutionException e) {
      result.completeExceptionally(closedFailure());
    }
    return result;
  }

  private <T> void run(
      Callable<T> call, Function<Throwable, T> failed, CompletableFuture<T> result) {
    if (closed) {
      result.completeExceptionally(closedFailure());
      return;
    }
    T outcome;
    try {
      outcome = call.call();
    } catch (Throwable e) {
      try {
        outcome = failed.apply(e);
      } catch (RuntimeException failure) {
        result.completeExceptionally(failure);
        return;
      }
    }
    result.complete(outcome);
  }

  private SessionLogException closedFailure() {
    return new SessionLogException(
        Code.CLOSED, "the %s store is closed; open another one".formatted(name));
  }
}
