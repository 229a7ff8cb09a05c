package ai.starcite.internal.open;

import ai.starcite.ProducerPosition;
import ai.starcite.SessionLogException;
import ai.starcite.TailEnd;
import ai.starcite.internal.append.AppendCall;
import ai.starcite.internal.append.ByteBudget;
import ai.starcite.internal.append.EndedCalls;
import ai.starcite.internal.commit.Batch;
import ai.starcite.internal.commit.CommitContext;
import ai.starcite.internal.commit.CommitQueue;
import ai.starcite.internal.commit.Effects;
import ai.starcite.internal.session.Head;
import ai.starcite.internal.session.SessionLoader;
import ai.starcite.internal.session.SessionLoader.Loaded;
import ai.starcite.internal.session.SessionState;
import ai.starcite.internal.shared.Poller;
import ai.starcite.internal.store.AsyncCalls;
import ai.starcite.spi.AppendOutcome;
import ai.starcite.spi.SegmentStore;
import ai.starcite.spi.SegmentStore.Watch;
import ai.starcite.spi.SessionKey;
import ai.starcite.spi.StateCheckpoint;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends to one session: lets its pipeline decide under one lock, and does what was decided after
 * that, which is to call the store and to wake callers. A session that is closed for want of memory
 * has another writer when it is opened again. Thread-safe.
 */
public final class OpenSession {
  private static final Logger LOG = LoggerFactory.getLogger(OpenSession.class);
  private static final long FIRST_PAUSE_MILLIS = 20;
  private static final long LONGEST_PAUSE_MILLIS = 2_000;
  private static final int REFRESH_BYTES = 1 << 20;
  private static final int INLINE_SENDS = 16;

  /** When to take an answer that could not be taken. */
  private static final long RETAKE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** How long a store may keep a thread that blocks anyway; see {@link SegmentStore}. */
  private static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final String sessionId;
  private final CommitContext context;
  private final OpenSessions writers;
  private final ByteBudget.Share share;
  private final CompletableFuture<Head> opened = new CompletableFuture<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final CommitQueue pipeline;
  private final Poller poll;
  private final CompletableFuture<@Nullable Void> settled = new CompletableFuture<>();
  private boolean watched;

  /** What the session is still to be given up for, by the next decision. */
  private volatile @Nullable Throwable broken;

  /** Whether the session was given up. */
  private volatile boolean abandoned;

  /** The lives that ended while the session was being opened. Guarded by the lock. */
  private Predicate<SessionKey> over = life -> false;

  /** Whether the session was used since eviction last looked at it. */
  private volatile boolean used = true;

  OpenSession(
      String sessionId, CommitContext context, OpenSessions writers, ByteBudget.Share share) {
    this.sessionId = sessionId;
    this.share = share;
    this.context = context;
    this.writers = writers;
    this.pipeline = new CommitQueue(sessionId, context, writers);
    this.poll = new Poller(context, this::tick);
  }

  /** Notes that the session is used. */
  void use() {
    if (!used) {
      // Read first, which is cheaper where many threads do so.
      used = true;
    }
  }

  /** Whether the session was used since this was asked last. */
  boolean wasUsed() {
    boolean was = used;
    used = false;
    return was;
  }

  public String sessionId() {
    return sessionId;
  }

  /** The session's share of the budget. */
  public ByteBudget.Share share() {
    return share;
  }

  /** The session's head, once it is loaded; fails if that fails. */
  public CompletableFuture<Head> head() {
    return opened;
  }

  /** Takes an op; false if the session was closed meanwhile and must be opened again. */
  boolean submit(AppendCall op) {
    boolean[] taken = new boolean[1];
    Effects actions =
        decided(
            next -> {
              if (pipeline.isRetired()) {
                taken[0] = pipeline.failIfNeverOpened(op, next);
                return;
              }
              taken[0] = true;
              if (op.isDone()) {
                return;
              }
              take(op);
              pipeline.advance(next);
            });
    run(actions, op.blocksFor(KEPT_NANOS, context.waits().nanoTime()));
    return taken[0];
  }

  private void take(AppendCall op) {
    op.writer = this;
    pipeline.enqueue(op);
    if (op.isAsync() && !watched) {
      watched = true;
      context.deadlines().watch(this);
    }
  }

  /**
   * Takes ops over from another writer, before all others; false if this writer could not take that
   * one's place.
   */
  boolean takeOver(List<AppendCall> ops, BooleanSupplier place) {
    boolean[] placed = new boolean[1];
    decide(
        actions -> {
          placed[0] = place.getAsBoolean();
          if (placed[0]) {
            ops.forEach(this::take);
          }
        });
    return placed[0];
  }

  /** Notes that an op was turned away for want of room. */
  public void turnedAway(AppendCall op) {
    decide(actions -> pipeline.turnedAway(op));
  }

  /** Starts to decide, now that the session's state is known. */
  void opened(Loaded loaded) {
    decide(
        actions -> {
          if (!pipeline.isRetired()) {
            pipeline.opened(loaded);
            if (over.test(loaded.head().key())) {
              // What was loaded is older than the deletion.
              pipeline.lifeEnded(SessionLoader.notFound(sessionId), actions);
            } else {
              pipeline.advance(actions);
            }
          }
        });
    opened.complete(loaded.head());
  }

  /** Ends the session, which could not be opened. */
  void loadFailed(SessionLogException failure) {
    decide(actions -> pipeline.loadFailed(failure, actions));
    opened.completeExceptionally(failure);
  }

  /** Sends what lingers, since the log is closing. */
  void hurry() {
    decide(pipeline::advance);
  }

  /** Looks at the store for what this process does not know. */
  void lookAgain() {
    decide(pipeline::refresh);
  }

  /** Registers a tail; false if the session was closed meanwhile and must be opened again. */
  public boolean addTail(Head head) {
    boolean[] added = new boolean[1];
    decide(
        actions -> {
          added[0] = pipeline.head() == head && !pipeline.isRetired();
          if (added[0]) {
            head.addTail();
            actions.watch = poll.start(head);
          }
        });
    return added[0];
  }

  /**
   * The durable position of a producer; empty if the session must be opened again, or is in another
   * life than the one that is asked for.
   */
  public Optional<Optional<ProducerPosition>> position(
      String producerId, Optional<String> incarnation) {
    lock.lock();
    try {
      SessionState state = pipeline.state();
      if (pipeline.isRetired()
          || state == null
          || !incarnation
              .orElse(pipeline.head().key().epoch())
              .equals(pipeline.head().key().epoch())) {
        return Optional.empty();
      }
      if (pipeline.damage() != null) {
        throw pipeline.damage();
      }
      return Optional.of(
          Optional.ofNullable(state.producers().get(producerId))
              .map(producer -> new ProducerPosition(producer.last(), producer.lastSeq())));
    } finally {
      lock.unlock();
    }
  }

  /** Fails an op that has not reached the store, or says that its outcome is unknown. */
  public void withdraw(AppendCall op, String why) {
    decide(
        actions -> {
          pipeline.withdraw(each -> each == op, why, actions);
          if (op.writer == this) {
            pipeline.endLost(op, why, actions);
          }
        });
  }

  /** Fails asynchronous ops that are late; false if there are none left to watch. */
  public boolean expire(long now) {
    boolean[] more = new boolean[1];
    decide(
        actions -> {
          pipeline.withdraw(op -> op.isAsync() && op.deadline - now <= 0, "timed out", actions);
          watched = pipeline.hasAsyncOps();
          more[0] = watched;
        });
    return more[0];
  }

  /** Whether nothing is in flight. */
  boolean isSettled() {
    lock.lock();
    try {
      return pipeline.isSettled();
    } finally {
      lock.unlock();
    }
  }

  /**
   * What the next writer of the session has to wait for: the answer to what was in flight when this
   * one was given up. Else nobody could tell whether it is stored.
   */
  CompletableFuture<@Nullable Void> toWaitFor() {
    return abandoned && !isSettled() ? settled : CompletableFuture.completedFuture(null);
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

  /**
   * Ends lives of the session that are over in the store. When this returns, nothing is decided by
   * what is known of them: neither now, nor when a load that is under way comes back with one.
   */
  void endLives(Predicate<SessionKey> lives, SessionLogException failure) {
    decide(
        actions -> {
          Head head = pipeline.head();
          if (pipeline.isRetired()) {
            return;
          }
          if (head == null) {
            over = over.or(lives);
          } else if (lives.test(head.key())) {
            pipeline.lifeEnded(failure, actions);
          }
        });
  }

  private void decide(Consumer<Effects> decision) {
    run(decided(decision), false);
  }

  private Effects decided(Consumer<Effects> decision) {
    Effects actions = new Effects();
    lock.lock();
    try {
      Throwable cause = broken;
      if (cause != null) {
        giveUp(cause, actions);
      }
      decision.accept(actions);
    } catch (RuntimeException | Error e) {
      giveUp(e, actions);
    } finally {
      lock.unlock();
    }
    return actions;
  }

  /**
   * Ends the session after an error that nobody foresaw, under the lock. What is pending must be
   * answered all the same, and the session is opened afresh by the next call. If even that fails,
   * as it may where stack or memory is short, the next decision tries again.
   */
  private void giveUp(Throwable error, Effects actions) {
    broken = error;
    try {
      LOG.error("session {} had to be given up in this process", sessionId, error);
      pipeline.abandon(error, actions);
      abandoned = true;
      broken = null;
    } catch (RuntimeException | Error again) {
      error.addSuppressed(again);
    }
  }

  /**
   * Does what was decided, and what is decided on the answers that come at once.
   *
   * @param blocking whether the store may keep this thread for what was decided first
   */
  private void run(Effects first, boolean blocking) {
    if (first.areNone()) {
      return;
    }
    EndedCalls futures = first.futures;
    Effects current = first;
    boolean news = false;
    try {
      ArrayDeque<Effects> work = new ArrayDeque<>();
      for (int sends = 0; current != null; current = work.poll()) {
        news |= current.wakes;
        try {
          leave(current);
          if (news && work.isEmpty()) {
            news = false;
            pipeline.head().wake();
          }
          context.answers().wake(current.done, futures);
          if (current.resume) {
            work.add(decided(pipeline::resume));
          }
          act(current, work);
          if (current.send != null && ++sends < INLINE_SENDS) {
            send(current.send, work, blocking && current == first);
          } else if (current.send != null) {
            // A store that answers at once would keep this thread working for others without end.
            Batch batch = current.send;
            elsewhere(next -> pipeline.sendAgain(batch, next));
          }
        } catch (RuntimeException | Error e) {
          work.add(decided(actions -> giveUp(e, actions)));
          context.answers().wake(current.done, futures);
        }
      }
    } catch (RuntimeException | Error e) {
      // What was decided is not done, and not undone either, for want of memory most likely.
      broken = e;
      throw e;
    } finally {
      if (current != null) {
        // Cut short by an error: callers whose append has ended must be told all the same.
        context.answers().wake(current.done, futures);
      }
      if (news) {
        pipeline.head().wake();
      }
      // Last, since that may run the code of users, which may wait for what was just sent.
      context.answers().complete(futures);
    }
    writers.evictIfHeavy();
  }

  /** Has the log forget a writer that has ended, before anybody is told who may call the log. */
  private void leave(Effects actions) {
    // First what is in flight, so that nobody opens the session past that.
    if (actions.lingers) {
      writers.linger(this);
    } else if (actions.settled) {
      writers.lingersNoMore(this);
      settled.complete(null);
    }
    if (!actions.reroute.isEmpty()) {
      writers.moveOn(this, actions.reroute);
    } else if (actions.retired) {
      writers.forget(this);
    }
  }

  private void act(Effects actions, ArrayDeque<Effects> work) {
    if (actions.checkpoint != null) {
      save(actions.checkpoint);
    }
    if (actions.sendLater != null) {
      sendLater(actions.sendLater);
    }
    if (actions.sendAfterNanos > 0) {
      later(actions.sendAfterNanos, pipeline::paused);
    }
    if (actions.lookAfterNanos > 0) {
      later(actions.lookAfterNanos, pipeline::lookForTurn);
    }
    if (actions.advanceLater) {
      elsewhere(pipeline::advance);
    }
    for (AppendCall op : actions.lookUps) {
      lookUp(op, work);
    }
    if (actions.refresh) {
      refresh(work);
    }
    if (actions.verify != null) {
      verify(actions.verify, work);
    }
    if (actions.glimpse != null) {
      glimpse(actions.glimpse, work);
    }
    if (actions.watch) {
      watch();
    }
    if (actions.endWatch != null) {
      endWatch(actions.endWatch);
    }
  }

  private void elsewhere(Consumer<Effects> decision) {
    context.waker().execute(() -> decide(decision));
  }

  private interface Decision<T> {
    void make(@Nullable T answer, @Nullable Throwable failure, Effects actions);
  }

  /**
   * Makes a decision when an answer comes. If it is there already, the result joins the work of
   * this thread, so that the stack does not grow with the number of answers.
   */
  private <T> void when(
      CompletableFuture<T> answer, ArrayDeque<Effects> work, Decision<T> decision) {
    if (answer.isDone()) {
      answer.whenComplete(
          (value, failure) -> work.add(decided(actions -> decision.make(value, failure, actions))));
    } else {
      answer.whenComplete((value, failure) -> take(decision, value, failure));
    }
  }

  /** Makes a decision on an answer, which must not be lost. */
  private <T> void take(Decision<T> decision, @Nullable T value, @Nullable Throwable failure) {
    try {
      decide(actions -> decision.make(value, failure, actions));
    } catch (RuntimeException | Error e) {
      LOG.error("an answer of the store could not be taken at once", e);
      later(RETAKE_NANOS, actions -> decision.make(value, failure, actions));
    }
  }

  private void send(Batch batch, ArrayDeque<Effects> work, boolean blocking) {
    batch.attempts++;
    batch.awaited = false;
    CompletableFuture<AppendOutcome> outcome =
        AsyncCalls.append(context.store(), pipeline.head().key(), batch.segment, blocking);
    try {
      batch.awaited = true;
      when(outcome, work, (known, failure, next) -> pipeline.settle(batch, known, next));
    } catch (RuntimeException | Error e) {
      // The answer, if there is one, has nobody to go to: the same bytes are sent again.
      batch.awaited = false;
      AppendOutcome lost = new AppendOutcome.Indefinite(e);
      work.add(decided(next -> pipeline.settle(batch, lost, next)));
    }
  }

  private void lookUp(AppendCall op, ArrayDeque<Effects> work) {
    when(
        pipeline.head().pages().probe(op.wantedSeq),
        work,
        (page, failure, next) -> pipeline.lookedUp(op, page, failure, next));
  }

  private void refresh(ArrayDeque<Effects> work) {
    when(
        AsyncCalls.read(
            context.store(), pipeline.head().key(), pipeline.state().nextSeq(), REFRESH_BYTES),
        work,
        (outcome, failure, next) -> {
          if (pipeline.refreshed(outcome, failure, next)) {
            poll.active();
          }
        });
  }

  private void verify(Batch batch, ArrayDeque<Effects> work) {
    when(
        AsyncCalls.verify(context.store(), pipeline.head().key(), batch.segment),
        work,
        (own, failure, next) -> pipeline.settle(batch, own, next));
  }

  private void glimpse(Batch batch, ArrayDeque<Effects> work) {
    when(
        AsyncCalls.verify(context.store(), pipeline.head().key(), batch.segment),
        work,
        (own, failure, next) -> pipeline.glimpsed(batch, own, next));
  }

  /** Asks the store for hints; the poll goes on without where that fails. */
  private void watch() {
    try {
      Watch watch = context.store().watch(pipeline.head().key(), this::lookAgain);
      decide(actions -> poll.watching(watch, actions));
    } catch (RuntimeException | Error e) {
      LOG.debug("the store gives no hints for session {}", sessionId, e);
    }
  }

  private void endWatch(Watch watch) {
    try {
      watch.close();
    } catch (RuntimeException | Error e) {
      LOG.warn("a watch of session {} could not be ended", sessionId, e);
    }
  }

  private void tick() {
    decide(
        actions -> {
          if (poll.continues(actions)) {
            pipeline.refresh(actions);
          }
        });
  }

  private void sendLater(Batch batch) {
    context.observer().retried(sessionId, batch.attempts);
    long pause = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(batch.attempts, 10));
    long jittered = pause / 2 + context.random().nextLong(pause / 2 + 1);
    later(TimeUnit.MILLISECONDS.toNanos(jittered), next -> pipeline.sendAgain(batch, next));
  }

  private void later(long nanos, Consumer<Effects> decision) {
    context.timer().after(nanos, () -> decide(decision));
  }

  private void save(StateCheckpoint checkpoint) {
    try {
      context.store().checkpoint(pipeline.head().key(), checkpoint);
    } catch (RuntimeException | Error e) {
      LOG.debug("a checkpoint of session {} was not saved, which only costs time", sessionId, e);
    }
  }
}
