package ai.starcite.internal.append;

import ai.starcite.ProducerPosition;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.TailEnd;
import ai.starcite.internal.append.AppendOp.Poison;
import ai.starcite.internal.segment.Page;
import ai.starcite.internal.session.Head;
import ai.starcite.internal.session.SessionLoader;
import ai.starcite.internal.session.SessionState;
import ai.starcite.internal.session.StoreFailures;
import ai.starcite.spi.AppendOutcome;
import ai.starcite.spi.ReadOutcome;
import ai.starcite.spi.StateCheckpoint;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends to one session. Ops wait in a queue; each is decided and encoded as soon as it can be,
 * into the segment that forms while another one is in flight, so that all that arrives during one
 * write goes with the next: group commit without a timer.
 *
 * <pre>
 * queue ──decide──▶ stage ──one at a time──▶ sent ──durable──▶ published, answered
 *   ▲                  │                       │
 *   └───── decided again where a segment failed, or another process was first ─────┘
 * </pre>
 *
 * <p>Everything is decided under one lock, and done after it: calls to the store, and waking
 * callers. A decision that writes nothing, such as a conflict, rests on what is pending before it
 * and is answered only when that is durable (clauses APP-4 and APP-5). Thread-safe.
 */
public final class SessionWriter {
  private static final Logger LOG = LoggerFactory.getLogger(SessionWriter.class);
  private static final long FIRST_PAUSE_MILLIS = 20;
  private static final long LONGEST_PAUSE_MILLIS = 2_000;
  private static final int REFRESH_BYTES = 1 << 20;
  private static final int CHECKPOINT_EVENTS = 8_192;
  private static final int CHECKPOINT_BYTES = 2 << 20;
  private static final int FRUITLESS = 3;
  private static final int INLINE_ROUNDS = 16;

  /** About how much memory an open session takes beside its producers. */
  private static final int BASE_WEIGHT = 4 << 10;

  private final String sessionId;
  private final WriterContext context;
  private final Writers writers;
  private final Budget.Share share = new Budget.Share();
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<AppendOp> queue = new ArrayDeque<>();

  private final CompletableFuture<Head> opened = new CompletableFuture<>();

  /** Whether the session was used since eviction last looked at it. */
  volatile boolean used = true;

  private @Nullable Head head;
  private @Nullable SessionState state;
  private @Nullable Stage stage;
  private @Nullable Batch sent;

  /** Whether the forming batch rests on an op that was withdrawn. */
  private boolean stale;

  private boolean lookingUp;
  private boolean refreshing;
  private long refreshesBegun;
  private long refreshProven;

  /** How often the store called a seq taken at which there is nothing. */
  private int fruitless;

  /** Producers whose events were turned away for want of room, until something is settled. */
  private final Map<String, SessionLogException> crowdedOut = new HashMap<>();

  private long accountedWeight;
  private int asyncOps;
  private boolean watched;
  private long eventsSinceCheckpoint;
  private long bytesSinceCheckpoint;
  private long checkpointBytes;

  /** Set once no more ops are taken. */
  private @Nullable SessionLogException retired;

  SessionWriter(String sessionId, WriterContext context, Writers writers) {
    this.sessionId = sessionId;
    this.context = context;
    this.writers = writers;
  }

  /** The session's id. */
  String sessionId() {
    return sessionId;
  }

  /** The session's head, once it is loaded; fails if that fails. */
  public CompletableFuture<Head> head() {
    return opened;
  }

  /** The session's share of the budget. */
  Budget.Share share() {
    return share;
  }

  /** Takes an op; false if the session was closed meanwhile and must be opened again. */
  boolean submit(AppendOp op) {
    Actions actions = new Actions();
    lock.lock();
    try {
      if (retired != null) {
        return false;
      }
      op.writer = this;
      op.arrival = refreshesBegun;
      for (String producerId : op.producers) {
        SessionLogException failure = crowdedOut.get(producerId);
        if (failure != null && op.poison == null) {
          op.poison = new Poison(Set.of(producerId), failure);
        }
      }
      queue.add(op);
      if (op.isAsync()) {
        asyncOps++;
        if (!watched) {
          watched = true;
          context.deadlines().watch(this);
        }
      }
      advance(actions);
    } finally {
      lock.unlock();
    }
    run(actions);
    return true;
  }

  /**
   * Notes that an op was turned away, so that those sent behind it, without knowing, neither slip
   * past it nor become their producer's first.
   */
  void turnedAway(AppendOp op, SessionLogException failure) {
    lock.lock();
    try {
      if (sent != null || !queue.isEmpty()) {
        for (String producerId : Stage.producersOf(op)) {
          crowdedOut.putIfAbsent(producerId, failure);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Starts to decide, now that the session's state is known. */
  void opened(Head loadedHead, SessionState loadedState) {
    Actions actions = new Actions();
    lock.lock();
    try {
      if (retired != null) {
        return;
      }
      head = loadedHead;
      state = loadedState;
      stage = new Stage(loadedHead, loadedState, context);
      account();
      advance(actions);
    } finally {
      lock.unlock();
    }
    run(actions);
    opened.complete(loadedHead);
  }

  /** Registers a tail; false if the session was closed meanwhile and must be opened again. */
  public boolean addTail() {
    lock.lock();
    try {
      if (retired != null || head == null) {
        return false;
      }
      head.addTail();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** The durable position of a producer; empty if the session must be opened again. */
  public Optional<Optional<ProducerPosition>> position(String producerId) {
    lock.lock();
    try {
      if (retired != null || state == null) {
        return Optional.empty();
      }
      return Optional.of(
          Optional.ofNullable(state.producers().get(producerId))
              .map(producer -> new ProducerPosition(producer.last(), producer.lastSeq())));
    } finally {
      lock.unlock();
    }
  }

  /** Closes the session if nothing is going on in it. */
  boolean retireIfIdle() {
    Actions actions = new Actions();
    if (!lock.tryLock()) {
      return false;
    }
    try {
      boolean idle =
          retired == null
              && state != null
              && queue.isEmpty()
              && stage.ops().isEmpty()
              && sent == null
              && !refreshing
              && !lookingUp
              && !head.hasTails();
      if (!idle) {
        return false;
      }
      retired = new SessionLogException(Code.CLOSED, "session " + sessionId + " is not open");
      head.pages().clear();
      if (eventsSinceCheckpoint > CHECKPOINT_EVENTS / 16) {
        checkpoint(actions);
      }
      account();
    } finally {
      lock.unlock();
    }
    run(actions);
    return true;
  }

  /**
   * Ends the session in this process: what waits fails definitely with the failure, and tails end.
   * What is in flight is settled by the store's answer, unless the log is closing: then its outcome
   * is unknown.
   */
  public void retire(SessionLogException failure, TailEnd tailEnd) {
    Actions actions = new Actions();
    lock.lock();
    try {
      Batch inFlight = sent;
      retire(failure, tailEnd, actions);
      if (inFlight != null && failure.code() == Code.CLOSED) {
        sent = null;
        for (AppendOp op : inFlight.ops) {
          fail(op, op.encoded ? unknown("the log was closed") : failure, actions);
          free(op);
        }
      }
    } finally {
      lock.unlock();
    }
    run(actions);
    opened.completeExceptionally(failure);
  }

  /** Fails an op that has not reached the store, or says that its outcome is unknown. */
  void withdraw(AppendOp op, String why) {
    Actions actions = new Actions();
    lock.lock();
    try {
      withdraw(each -> each == op, why, actions);
      advance(actions);
    } finally {
      lock.unlock();
    }
    run(actions);
  }

  /** Fails asynchronous ops that are late; false if there are none left to watch. */
  boolean expire(long now) {
    Actions actions = new Actions();
    boolean more;
    lock.lock();
    try {
      withdraw(op -> op.isAsync() && op.deadline - now <= 0, "timed out", actions);
      advance(actions);
      more = asyncOps > 0;
      watched = more;
    } finally {
      lock.unlock();
    }
    run(actions);
    return more;
  }

  // ---- Under the lock.

  private void retire(SessionLogException failure, TailEnd tailEnd, Actions actions) {
    if (retired == null) {
      retired = failure;
    }
    failUndecided(failure, actions);
    if (head != null) {
      head.end(tailEnd);
      head.pages().clear();
      account();
    }
  }

  private void withdraw(Predicate<AppendOp> which, String why, Actions actions) {
    if (sent != null) {
      for (AppendOp op : sent.ops) {
        if (which.test(op)) {
          fail(op, op.encoded ? unknown(why) : cancelled(why), actions);
        }
      }
    }
    Set<String> failed = new HashSet<>();
    if (stage != null) {
      for (AppendOp op : stage.ops()) {
        stale |= withdraw(op, which, why, failed, actions);
      }
    }
    for (AppendOp op : queue) {
      withdraw(op, which, why, failed, actions);
    }
    queue.removeIf(AppendOp::isDone);
  }

  /** Withdraws an op, or lets it share the failure of one before it; true if either was done. */
  private boolean withdraw(
      AppendOp op, Predicate<AppendOp> which, String why, Set<String> failed, Actions actions) {
    if (op.isDone()) {
      return false;
    }
    if (which.test(op)) {
      fail(op, cancelled(why), actions);
      free(op);
      failed.addAll(Stage.producersOf(op));
      return true;
    }
    if (op.poison == null && op.hasAnyOf(failed)) {
      op.poison = new Poison(Set.copyOf(failed), cancelled(why));
      return true;
    }
    return false;
  }

  /** Decides what can be decided, and starts what is to be done next. */
  private void advance(Actions actions) {
    if (stage == null || refreshing || retired != null) {
      return;
    }
    if (stale && sent == null) {
      decideAgain(List.of());
    }
    decideQueued(actions);
    if (sent != null) {
      return;
    }
    if (stage.hasSegment()) {
      sent = stage.finish();
      sent.sentAtNanos = System.nanoTime();
      actions.send = sent;
      decideQueued(actions);
    } else if (!stage.ops().isEmpty()) {
      if (context.shared() && stage.ops().stream().anyMatch(op -> op.arrival >= refreshProven)) {
        beginRefresh(actions);
        return;
      }
      for (AppendOp op : stage.finish().ops) {
        answer(op, state.nextSeq() - 1, actions);
      }
    }
  }

  private void decideQueued(Actions actions) {
    if (stale) {
      return;
    }
    while (!queue.isEmpty()) {
      AppendOp op = queue.peek();
      Stage.Verdict verdict;
      try {
        verdict = stage.decide(op);
      } catch (SessionLogException e) {
        // A stored event that a decision needs is damaged.
        queue.remove();
        fail(op, e, actions);
        free(op);
        continue;
      }
      if (verdict == Stage.Verdict.DECIDED) {
        queue.remove();
      } else {
        if (verdict == Stage.Verdict.NEEDS_PAGE && !lookingUp) {
          lookingUp = true;
          actions.lookUp = op;
          actions.lookUpSeq = stage.wanted();
        }
        return;
      }
    }
  }

  /** Puts ops back in front of the queue, those given first, then those of the forming batch. */
  private void decideAgain(List<AppendOp> first) {
    List<AppendOp> again = new ArrayList<>(first);
    again.addAll(stage.reset());
    stale = false;
    for (int i = again.size() - 1; i >= 0; i--) {
      if (again.get(i).isDone()) {
        free(again.get(i));
      } else {
        queue.addFirst(again.get(i));
      }
    }
  }

  private List<AppendOp> takeUndecided() {
    if (stage != null) {
      decideAgain(List.of());
    }
    List<AppendOp> ops = new ArrayList<>(queue);
    queue.clear();
    return ops;
  }

  /** Answers an op as it was decided: all that it rests on is durable now. */
  private void answer(AppendOp op, long lastSeq, Actions actions) {
    if (op.refusal != null) {
      fail(op, op.refusal, actions);
      stage.answered(op);
      shareFailure(op, op.refusal);
    } else if (op.succeed(lastSeq)) {
      ended(op, actions);
    }
    free(op);
  }

  /** Lets those of the same producers that wait behind a failed op fail with it (clause APP-4). */
  private void shareFailure(AppendOp op, SessionLogException failure) {
    Set<String> failed = Stage.producersOf(op);
    if (failed.isEmpty()) {
      return;
    }
    for (AppendOp behind : queue) {
      if (behind.poison == null && behind.hasAnyOf(failed)) {
        behind.poison = new Poison(failed, failure);
      }
    }
  }

  private void fail(AppendOp op, SessionLogException failure, Actions actions) {
    if (op.fail(failure)) {
      context.observer().appendFailed(sessionId, failure.code());
      ended(op, actions);
    }
  }

  private void ended(AppendOp op, Actions actions) {
    actions.done.add(op);
    if (op.isAsync()) {
      asyncOps--;
    }
  }

  private void free(AppendOp op) {
    if (op.share != null) {
      context.budget().release(op.share, op.bytes);
      op.share = null;
    }
  }

  private void settle(Batch batch, AppendOutcome outcome, Actions actions) {
    if (sent != batch) {
      return;
    }
    crowdedOut.clear();
    if (outcome instanceof AppendOutcome.Committed) {
      committed(batch, actions);
    } else if (outcome instanceof AppendOutcome.Rejected rejected && !batch.unsettled) {
      rejected(batch, StoreFailures.of(rejected.cause()), actions);
    } else if (outcome instanceof AppendOutcome.Gone) {
      gone(actions);
    } else if (outcome instanceof AppendOutcome.Conflict
        || outcome instanceof AppendOutcome.Sealed) {
      if (batch.unsettled) {
        actions.verify = batch;
      } else {
        lost(batch, actions);
      }
    } else {
      resendLater(batch);
    }
  }

  private void settle(Batch batch, StoreCalls.Own own, Actions actions) {
    if (sent != batch) {
      return;
    }
    switch (own) {
      case STORED -> committed(batch, actions);
      case LOST -> lost(batch, actions);
      case GONE -> gone(actions);
      default -> resendLater(batch);
    }
  }

  private void committed(Batch batch, Actions actions) {
    sent = null;
    if (retired != null) {
      // Deleted here since: it was stored before that.
      batch.ops.forEach(op -> answer(op, batch.segment.nextSeq() - 1, actions));
      return;
    }
    fruitless = 0;
    stage.commit(batch);
    int bytes = batch.segment.length();
    int events = batch.segment.count();
    // Published before anything is answered, so that whoever has the answer can read the event.
    Page page = head.hasTails() ? Page.of(batch.segment) : null;
    head.publish(page, state.nextSeq(), state.sealed());
    context
        .observer()
        .committed(
            sessionId, events, bytes, Duration.ofNanos(System.nanoTime() - batch.sentAtNanos));
    for (AppendOp op : batch.ops) {
      answer(op, state.nextSeq() - 1, actions);
    }
    account();
    eventsSinceCheckpoint += events;
    bytesSinceCheckpoint += bytes;
    if (eventsSinceCheckpoint >= CHECKPOINT_EVENTS
        && bytesSinceCheckpoint >= CHECKPOINT_BYTES + 8 * checkpointBytes) {
      checkpoint(actions);
    }
    advance(actions);
  }

  /** Tells how much memory the state takes. */
  private void account() {
    long weight = retired != null ? 0 : BASE_WEIGHT + state.weight();
    writers.addWeight(weight - accountedWeight);
    accountedWeight = weight;
  }

  private void checkpoint(Actions actions) {
    actions.checkpoint = state.checkpoint(head.key());
    checkpointBytes = actions.checkpoint.bytes().length;
    eventsSinceCheckpoint = 0;
    bytesSinceCheckpoint = 0;
  }

  /** Nothing of the batch is stored: what it was to write fails, the rest is decided again. */
  private void rejected(Batch batch, SessionLogException failure, Actions actions) {
    sent = null;
    List<AppendOp> again = new ArrayList<>();
    Set<String> failed = new HashSet<>();
    for (AppendOp op : batch.ops) {
      if (op.encoded) {
        fail(op, failure, actions);
        free(op);
        failed.addAll(Stage.producersOf(op));
      } else {
        again.add(op);
      }
    }
    decideAgain(again);
    for (AppendOp op : queue) {
      if (op.poison == null && op.hasAnyOf(failed)) {
        op.poison = new Poison(failed, failure);
      }
    }
    if (retired != null) {
      failUndecided(retired, actions);
    }
    advance(actions);
  }

  /** Another process was first, or sealed the session: everything is decided again behind it. */
  private void lost(Batch batch, Actions actions) {
    sent = null;
    decideAgain(batch.ops);
    if (retired != null) {
      failUndecided(retired, actions);
      return;
    }
    fruitless++;
    if (fruitless > FRUITLESS) {
      fruitless = 0;
      failUndecided(
          new SessionLogException(
              Code.STORE_UNAVAILABLE,
              "the store refuses seq %d of session %s as taken, but has no event there"
                  .formatted(state.nextSeq(), sessionId)),
          actions);
      return;
    }
    beginRefresh(actions);
  }

  /** The session was deleted, by this process or another one. */
  private void gone(Actions actions) {
    SessionLogException failure = SessionLoader.notFound(sessionId);
    List<AppendOp> again = new ArrayList<>();
    if (sent != null) {
      for (AppendOp op : sent.ops) {
        if (!op.encoded) {
          again.add(op);
        } else if (sent.unsettled) {
          fail(op, unknown("the session was deleted meanwhile"), actions);
          free(op);
        } else {
          again.add(op);
        }
      }
      sent = null;
    }
    boolean deletedHere = retired != null;
    decideAgain(again);
    if (context.shared() && !deletedHere) {
      // The id may have a new life, which these ops, never stored, belong to.
      for (AppendOp op : takeUndecided()) {
        if (op.isAsync()) {
          asyncOps--;
        }
        op.startOver();
        actions.reroute.add(op);
        free(op);
      }
    }
    retire(failure, TailEnd.DELETED, actions);
    actions.retired = true;
  }

  private void failUndecided(SessionLogException failure, Actions actions) {
    for (AppendOp op : takeUndecided()) {
      fail(op, failure, actions);
      free(op);
    }
  }

  private void resendLater(Batch batch) {
    batch.unsettled = true;
    context.observer().retried(sessionId, batch.attempts);
    long pause = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(batch.attempts, 10));
    long jittered = pause / 2 + context.random().nextLong(pause / 2 + 1);
    try {
      context.scheduler().schedule(() -> resend(batch), jittered, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      // The log is closing, which fails what is in flight by itself.
    }
  }

  private void beginRefresh(Actions actions) {
    refreshing = true;
    refreshesBegun++;
    actions.refresh = true;
  }

  // ---- Without the lock.

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
          StoreCalls.append(context.store(), head.key(), batch.segment);
      if (!outcome.isDone()) {
        outcome.thenAccept(answer -> run(settle(batch, answer)));
        return;
      }
      actions = settle(batch, outcome.join());
    }
  }

  private void finish(Actions actions) {
    if (actions.checkpoint != null) {
      saveCheckpoint(actions.checkpoint);
    }
    if (actions.retired) {
      writers.forget(this);
    }
    context.answers().deliver(actions.done);
    actions.reroute.forEach(op -> writers.submit(sessionId, op));
    if (actions.lookUp != null) {
      lookUp(actions.lookUp, actions.lookUpSeq);
    }
    if (actions.refresh) {
      refresh();
    }
    if (actions.verify != null) {
      Batch batch = actions.verify;
      StoreCalls.verify(context.store(), head.key(), batch.segment)
          .thenAccept(own -> run(underLock(later -> settle(batch, own, later))));
    }
  }

  private Actions settle(Batch batch, AppendOutcome outcome) {
    return underLock(actions -> settle(batch, outcome, actions));
  }

  private Actions underLock(Consumer<Actions> decision) {
    Actions actions = new Actions();
    lock.lock();
    try {
      decision.accept(actions);
    } finally {
      lock.unlock();
    }
    return actions;
  }

  private void resend(Batch batch) {
    run(
        underLock(
            actions -> {
              if (sent == batch) {
                actions.send = batch;
              }
            }));
  }

  private void saveCheckpoint(StateCheckpoint checkpoint) {
    try {
      context.store().checkpoint(head.key(), checkpoint);
    } catch (RuntimeException e) {
      LOG.debug("checkpoint of session {} was not saved", sessionId, e);
    }
  }

  private void lookUp(AppendOp op, long seq) {
    head.pages()
        .load(seq)
        .whenComplete(
            (page, failure) ->
                run(
                    underLock(
                        actions -> {
                          lookingUp = false;
                          op.page = page;
                          if (failure != null && queue.remove(op)) {
                            fail(op, StoreFailures.of(failure), actions);
                            free(op);
                            shareFailure(op, StoreFailures.of(failure));
                          }
                          advance(actions);
                        })));
  }

  /** Reads what others have appended, up to the head. */
  private void refresh() {
    long from = state.nextSeq();
    CompletionStage<ReadOutcome> read;
    try {
      read = context.store().read(head.key(), from, REFRESH_BYTES);
    } catch (RuntimeException e) {
      read = CompletableFuture.failedFuture(e);
    }
    read.whenComplete(
        (outcome, failure) -> run(underLock(actions -> refreshed(outcome, failure, actions))));
  }

  private void refreshed(
      @Nullable ReadOutcome outcome, @Nullable Throwable failure, Actions actions) {
    if (outcome instanceof ReadOutcome.Gone) {
      refreshing = false;
      gone(actions);
      return;
    }
    boolean more = false;
    try {
      if (!(outcome instanceof ReadOutcome.Segments segments)) {
        throw StoreFailures.of(failure);
      }
      if (!segments.segments().isEmpty()) {
        Page page = Page.read(head.key(), state.nextSeq(), segments.segments());
        state.apply(page);
        fruitless = 0;
        head.publish(head.hasTails() ? page : null, state.nextSeq(), state.sealed());
        more = !state.sealed();
      }
    } catch (SessionLogException e) {
      refreshing = false;
      failUndecided(e, actions);
      return;
    }
    if (more) {
      actions.refresh = true;
      return;
    }
    refreshing = false;
    refreshProven = refreshesBegun;
    decideAgain(List.of());
    advance(actions);
  }

  static SessionLogException cancelled(String why) {
    return new SessionLogException(
        Code.CANCELLED, "the append " + why + " before it reached the store; nothing was written");
  }

  private static SessionLogException unknown(String why) {
    return new SessionLogException(
        Code.OUTCOME_UNKNOWN,
        "the append "
            + why
            + " while the store was writing it; retry with the same producer pair to find out");
  }
}
