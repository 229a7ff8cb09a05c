package ai.starcite.internal.append;

import ai.starcite.ProducerPosition;
import ai.starcite.SessionLogException;
import ai.starcite.TailEnd;
import ai.starcite.internal.session.Head;
import ai.starcite.internal.session.SessionState;
import ai.starcite.spi.AppendOutcome;
import ai.starcite.spi.StateCheckpoint;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends to one session: lets its pipeline decide under one lock, and does what was decided after
 * that, which is to call the store and to wake callers. A session that is closed for want of memory
 * has another writer when it is opened again. Thread-safe.
 */
public final class SessionWriter {
  private static final Logger LOG = LoggerFactory.getLogger(SessionWriter.class);
  private static final long FIRST_PAUSE_MILLIS = 20;
  private static final long LONGEST_PAUSE_MILLIS = 2_000;
  private static final int REFRESH_BYTES = 1 << 20;
  private static final int INLINE_ROUNDS = 16;

  private final String sessionId;
  private final WriterContext context;
  private final Writers writers;
  private final Budget.Share share = new Budget.Share();
  private final CompletableFuture<Head> opened = new CompletableFuture<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Pipeline pipeline;
  private final SharedPoll poll;
  private boolean watched;

  /** Whether the session was used since eviction last looked at it. */
  volatile boolean used = true;

  SessionWriter(String sessionId, WriterContext context, Writers writers) {
    this.sessionId = sessionId;
    this.context = context;
    this.writers = writers;
    this.pipeline = new Pipeline(sessionId, context, writers);
    this.poll = new SharedPoll(context, () -> decide(pipeline::refresh), this::tick);
  }

  String sessionId() {
    return sessionId;
  }

  /** The session's share of the budget. */
  Budget.Share share() {
    return share;
  }

  /** The session's head, once it is loaded; fails if that fails. */
  public CompletableFuture<Head> head() {
    return opened;
  }

  /** Takes an op; false if the session was closed meanwhile and must be opened again. */
  boolean submit(AppendOp op) {
    Actions actions = new Actions();
    lock.lock();
    try {
      if (pipeline.isRetired()) {
        return false;
      }
      op.writer = this;
      pipeline.enqueue(op);
      if (op.isAsync() && !watched) {
        watched = true;
        context.deadlines().watch(this);
      }
      pipeline.advance(actions);
    } finally {
      lock.unlock();
    }
    run(actions);
    return true;
  }

  /** Notes that an op was turned away for want of room. */
  void turnedAway(AppendOp op, SessionLogException failure) {
    decide(actions -> pipeline.turnedAway(op, failure));
  }

  /** Starts to decide, now that the session's state is known. */
  void opened(Head head, SessionState state) {
    decide(
        actions -> {
          if (!pipeline.isRetired()) {
            pipeline.opened(head, state);
            pipeline.advance(actions);
          }
        });
    opened.complete(head);
  }

  /** Registers a tail; false if the session was closed meanwhile and must be opened again. */
  public boolean addTail() {
    lock.lock();
    try {
      Head head = pipeline.head();
      if (pipeline.isRetired() || head == null) {
        return false;
      }
      head.addTail();
      poll.start(head);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** The durable position of a producer; empty if the session must be opened again. */
  public Optional<Optional<ProducerPosition>> position(String producerId) {
    lock.lock();
    try {
      SessionState state = pipeline.state();
      if (pipeline.isRetired() || state == null) {
        return Optional.empty();
      }
      return Optional.of(
          Optional.ofNullable(state.producers().get(producerId))
              .map(producer -> new ProducerPosition(producer.last(), producer.lastSeq())));
    } finally {
      lock.unlock();
    }
  }

  /** Fails an op that has not reached the store, or says that its outcome is unknown. */
  void withdraw(AppendOp op, String why) {
    decide(actions -> pipeline.withdraw(each -> each == op, why, actions));
  }

  /** Fails asynchronous ops that are late; false if there are none left to watch. */
  boolean expire(long now) {
    boolean[] more = new boolean[1];
    decide(
        actions -> {
          pipeline.withdraw(op -> op.isAsync() && op.deadline - now <= 0, "timed out", actions);
          watched = pipeline.hasAsyncOps();
          more[0] = watched;
        });
    return more[0];
  }

  /** Closes the session if nothing is going on in it. */
  boolean retireIfIdle() {
    boolean[] idle = new boolean[1];
    decide(
        actions -> {
          idle[0] = pipeline.isIdle();
          if (idle[0]) {
            pipeline.retireIdle(actions);
          }
        });
    return idle[0];
  }

  /**
   * Ends the session in this process: what waits fails definitely with the failure, and tails end.
   * What is in flight is settled by the store's answer, unless the log is closing: then its outcome
   * is unknown.
   */
  void retire(SessionLogException failure, TailEnd tailEnd) {
    decide(actions -> pipeline.retire(failure, tailEnd, actions));
    opened.completeExceptionally(failure);
  }

  private void decide(Consumer<Actions> decision) {
    run(decided(decision));
  }

  private Actions decided(Consumer<Actions> decision) {
    Actions actions = new Actions();
    lock.lock();
    try {
      decision.accept(actions);
    } finally {
      lock.unlock();
    }
    return actions;
  }

  private void run(Actions first) {
    Actions actions = first;
    for (int round = 1; ; round++) {
      finish(actions);
      Batch batch = actions.send;
      if (batch == null) {
        return;
      }
      if (round % INLINE_ROUNDS == 0) {
        // A store that answers at once would keep this thread working for others for ever.
        Actions rest = new Actions();
        rest.send = batch;
        context.answers().execute(() -> run(rest));
        return;
      }
      batch.attempts++;
      CompletableFuture<AppendOutcome> outcome =
          StoreCalls.append(context.store(), pipeline.head().key(), batch.segment);
      if (!outcome.isDone()) {
        outcome.thenAccept(answer -> decide(next -> pipeline.settle(batch, answer, next)));
        return;
      }
      AppendOutcome answer = outcome.join();
      actions = decided(next -> pipeline.settle(batch, answer, next));
    }
  }

  private void finish(Actions actions) {
    if (actions.retired) {
      writers.forget(this);
    }
    context.answers().deliver(actions.done);
    actions.reroute.forEach(op -> writers.submit(sessionId, op));
    if (actions.checkpoint != null) {
      save(actions.checkpoint);
    }
    if (actions.lookUp != null) {
      lookUp(actions.lookUp, actions.lookUpSeq);
    }
    if (actions.refresh) {
      refresh();
    }
    if (actions.verify != null) {
      verify(actions.verify);
    }
    if (actions.sendLater != null) {
      sendLater(actions.sendLater);
    }
  }

  private void lookUp(AppendOp op, long seq) {
    pipeline
        .head()
        .pages()
        .load(seq)
        .whenComplete(
            (page, failure) -> decide(next -> pipeline.lookedUp(op, page, failure, next)));
  }

  private void refresh() {
    StoreCalls.read(
            context.store(), pipeline.head().key(), pipeline.state().nextSeq(), REFRESH_BYTES)
        .whenComplete(
            (outcome, failure) ->
                decide(
                    next -> {
                      if (pipeline.refreshed(outcome, failure, next)) {
                        poll.active();
                      }
                    }));
  }

  private void tick() {
    decide(
        actions -> {
          if (poll.continues()) {
            pipeline.refresh(actions);
          }
        });
  }

  private void verify(Batch batch) {
    StoreCalls.verify(context.store(), pipeline.head().key(), batch.segment)
        .thenAccept(own -> decide(next -> pipeline.settle(batch, own, next)));
  }

  private void sendLater(Batch batch) {
    context.observer().retried(sessionId, batch.attempts);
    long pause = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(batch.attempts, 10));
    long jittered = pause / 2 + context.random().nextLong(pause / 2 + 1);
    try {
      context
          .scheduler()
          .schedule(
              () -> decide(next -> pipeline.sendAgain(batch, next)),
              jittered,
              TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      // The log is closing, which fails what is in flight by itself.
    }
  }

  private void save(StateCheckpoint checkpoint) {
    try {
      context.store().checkpoint(pipeline.head().key(), checkpoint);
    } catch (RuntimeException e) {
      LOG.debug("a checkpoint of session {} was not saved, which only costs time", sessionId, e);
    }
  }
}
