package ai.starcite.internal.commit;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.TailEnd;
import ai.starcite.internal.CoreAccess;
import ai.starcite.internal.append.AppendCall;
import ai.starcite.internal.events.Page;
import ai.starcite.internal.open.CheckpointPolicy;
import ai.starcite.internal.open.OpenSessions;
import ai.starcite.internal.session.Head;
import ai.starcite.internal.session.SessionLoader;
import ai.starcite.internal.session.SessionLoader.Loaded;
import ai.starcite.internal.session.SessionState;
import ai.starcite.internal.shared.Fairness;
import ai.starcite.internal.shared.Refreshes;
import ai.starcite.internal.store.AsyncCalls;
import ai.starcite.internal.store.StoreFailures;
import ai.starcite.spi.AppendOutcome;
import ai.starcite.spi.ReadOutcome;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Where the ops of a session stand, and what is decided of them. Ops wait in a queue; each is
 * decided and encoded as soon as it can be, into the segment that forms while another one is in
 * flight, so that all that arrives during one write goes with the next: group commit without a
 * timer.
 *
 * <pre>
 * queue ──decide──▶ stage ──one at a time──▶ sent ──durable──▶ published, answered
 *   ▲                  │                       │
 *   └───── decided again where a segment failed, or another process was first ─────┘
 * </pre>
 *
 * <p>A decision that writes nothing, such as a conflict, rests on what is pending before it and is
 * answered only when that is durable (clauses APP-4 and APP-5). On a shared store, what would be
 * answered without a write is answered only after a look at the store.
 *
 * <p>Guarded by the lock of its writer. It calls neither store nor users: what is to be done goes
 * into {@link Effects}, for when the lock is released.
 */
public final class CommitQueue {
  private final String sessionId;
  private final CommitContext context;
  private final OpenSessions writers;
  private final CallOutcomes endings;
  private final Linger linger;
  private final Fairness turns;
  private final Refreshes looks = new Refreshes();
  private final ArrayDeque<AppendCall> queue = new ArrayDeque<>();
  private long enqueued;

  private @Nullable Head head;
  private @Nullable SessionState state;
  private @Nullable NextSegment stage;
  private @Nullable CheckpointPolicy upkeep;
  private @Nullable Batch sent;

  /** The batch whose outcome is being dealt with. */
  private @Nullable Batch settling;

  /** Why the session can be read but not appended to, or null. */
  private @Nullable SessionLogException damage;

  /** Whether the forming batch rests on an op that was withdrawn. */
  private boolean stale;

  /**
   * Whether the answers of a batch are being delivered. Until that is done nothing is sent, so that
   * those who come back with their next event at once share a segment, and the first of them does
   * not take the store for himself.
   */
  private boolean answering;

  /** The op at the head of the queue, while a page is being read that it needs. */
  private @Nullable AppendCall lookingUp;

  private final OldRetries oldRetries = new OldRetries();

  /** Whether a look is under way at the place of a batch whose outcome is unknown. */
  private boolean glimpsing;

  /** By producer, the lowest number that was turned away for want of room and is still missing. */
  private final Map<String, Long> turnedAway = new HashMap<>();

  /** Set once no more ops are taken. */
  private @Nullable SessionLogException retired;

  /** Whether what was never sent belongs to the id's next life, once this one was deleted. */
  private boolean movesOn;

  public CommitQueue(String sessionId, CommitContext context, OpenSessions writers) {
    this.sessionId = sessionId;
    this.context = context;
    this.writers = writers;
    this.endings = new CallOutcomes(sessionId, context);
    this.linger = new Linger(context);
    this.turns = new Fairness(context.waits());
  }

  public @Nullable Head head() {
    return head;
  }

  public @Nullable SessionState state() {
    return state;
  }

  /** Whether nothing is in flight. */
  public boolean isSettled() {
    return sent == null;
  }

  public boolean isRetired() {
    return retired != null;
  }

  /** Ends an op if the session could not be opened, in the way that failed; else it starts over. */
  public boolean failIfNeverOpened(AppendCall op, Effects actions) {
    if (head != null || looksAgain(op, retired)) {
      return false;
    }
    refuse(op, retired, actions);
    return true;
  }

  /** Ends the session, which could not be opened. */
  public void loadFailed(SessionLogException failure, Effects actions) {
    retired = failure;
    actions.retired = true;
    for (AppendCall op : queue) {
      if (looksAgain(op, failure)) {
        endings.letGo(op, actions);
      } else {
        endings.fail(op, failure, actions);
      }
    }
    queue.clear();
  }

  private static boolean looksAgain(AppendCall op, SessionLogException failure) {
    boolean again = op.joinedLoad && failure.code() == Code.SESSION_NOT_FOUND;
    op.joinedLoad = false;
    return again;
  }

  /** Ends an op that stands nowhere any more, which only an error that nobody foresaw can cause. */
  public void endLost(AppendCall op, String why, Effects actions) {
    boolean here =
        queue.contains(op)
            || oldRetries.contains(op)
            || (stage != null && stage.ops().contains(op))
            || (sent != null && sent.ops.contains(op));
    if (!here) {
      endings.fail(op, CallOutcomes.unknown(why), actions);
    }
  }

  /** What was damaged can be read up to there, but nothing is known of who has appended. */
  private void answerDamaged(SessionLogException failure, Effects actions) {
    boolean failed = false;
    for (AppendCall op : queue) {
      if (op.isWithoutEvents() && !op.seal) {
        endings.succeed(op, state.nextSeq() - 1, actions);
      } else {
        endings.fail(op, failure, actions);
        failed = true;
      }
    }
    queue.clear();
    if (failed && !head.hasTails()) {
      // The next call looks again: the store may have been mended, or the damage was in transit.
      retireIdle(actions);
    }
  }

  /** Whether there are ops that nobody blocks for, whose time-out must be watched. */
  public boolean hasAsyncOps() {
    return endings.areAwaited();
  }

  public boolean isIdle() {
    return state != null
        && retired == null
        && queue.isEmpty()
        && stage.ops().isEmpty()
        && sent == null
        && !answering
        && !looks.areUnderWay()
        && lookingUp == null
        && oldRetries.isEmpty()
        && !head.hasTails();
  }

  public void opened(Loaded loaded) {
    head = loaded.head();
    state = loaded.state();
    damage = loaded.damage();
    stage = new NextSegment(head, state, context, turnedAway, this::mayBeOutOfDate);
    upkeep = new CheckpointPolicy(writers, head, state, loaded.replayedBytes());
  }

  /** What of the state was lost to damage, or null. */
  public @Nullable SessionLogException damage() {
    return damage;
  }

  public void enqueue(AppendCall op) {
    op.arrival = looks.begun();
    op.order = ++enqueued;
    queue.add(op);
    endings.expect(op);
  }

  /**
   * Notes that an op found no room. Its caller may have sent more behind it already: those do not
   * slip past it, nor become their producer's first, until it comes again.
   */
  public void turnedAway(AppendCall op) {
    for (int i = 0; i < op.producers.length; i++) {
      String producerId = op.producers[i];
      if (producerId != null && turnedAway.size() < context.maxProducers()) {
        turnedAway.merge(producerId, CoreAccess.access().producerSeq(op.events.get(i)), Math::min);
      }
    }
  }

  /** Decides what can be decided, and starts what is to be done next. */
  public void advance(Effects actions) {
    if (stage == null || looks.areUnderWay() || retired != null) {
      return;
    }
    if (damage != null) {
      answerDamaged(damage, actions);
      return;
    }
    if (stale && sent == null) {
      decideAgain(List.of());
    }
    decideQueued(actions);
    if (sent != null || answering) {
      return;
    }
    if (stage.hasSegment()) {
      if (!context.answers().areClosing() && isHeld(actions)) {
        return;
      }
      sent = stage.finish();
      sent.sentAtNanos = context.waits().nanoTime();
      actions.send = sent;
      // Not here, where it would keep the segment from being sent.
      actions.advanceLater = !queue.isEmpty() && !stale;
    } else if (!stage.ops().isEmpty()) {
      answer(
          mayBeOutOfDate() || stage.doubtsItsLife()
              ? stage.takeProven(looks.proven())
              : stage.finish().ops,
          state.nextSeq() - 1,
          actions);
      if (!stage.ops().isEmpty()) {
        looks.require(actions);
      }
    }
  }

  /**
   * Whether what this process knows may be out of date, so that nothing is answered by it without a
   * look at the store: others write there, or the session is being deleted.
   */
  private boolean mayBeOutOfDate() {
    return context.shared() || writers.mayBeOver(head.key());
  }

  /** Whether a segment that could be sent waits for others: processes, or events. */
  private boolean isHeld(Effects actions) {
    return (context.shared() && turns.holds(actions))
        || (queue.isEmpty() && linger.holds(stage.ops(), actions));
  }

  /** Goes on after a pause. */
  public void paused(Effects actions) {
    linger.paused();
    advance(actions);
  }

  /** Looks whether others have taken their turns, if something still waits for that. */
  public void lookForTurn(Effects actions) {
    turns.looked();
    if (isWaiting()) {
      refresh(actions);
    }
  }

  private boolean isWaiting() {
    return stage != null && !(queue.isEmpty() && stage.ops().isEmpty());
  }

  private void decideQueued(Effects actions) {
    if (stale) {
      return;
    }
    while (!queue.isEmpty()) {
      AppendCall op = queue.peek();
      if (oldRetries.concern(op) && !stage.repeatsOnly(op)) {
        return;
      }
      NextSegment.Verdict verdict = stage.decide(op);
      if (verdict == NextSegment.Verdict.DECIDED) {
        queue.remove();
      } else if (verdict == NextSegment.Verdict.SETTLED) {
        answer(List.of(queue.remove()), state.nextSeq() - 1, actions);
      } else {
        if (verdict == NextSegment.Verdict.NEEDS_PAGE && stage.repeatsOnly(op)) {
          op.wantedSeq = stage.wanted();
          oldRetries.park(queue.remove(), actions);
          continue;
        }
        if (verdict == NextSegment.Verdict.NEEDS_PAGE && lookingUp == null) {
          op.wantedSeq = stage.wanted();
          lookingUp = op;
          actions.lookUps.add(op);
        }
        return;
      }
    }
  }

  /** Goes on with an op that needed a page. */
  public void lookedUp(
      AppendCall op, @Nullable Page page, @Nullable Throwable failure, Effects actions) {
    boolean here;
    if (lookingUp == op) {
      lookingUp = null;
      // Else it may have gone on to another life of the session, which has other pages.
      here = retired == null && queue.contains(op);
    } else {
      here = oldRetries.end(op, actions);
      if (here) {
        requeue(op);
      }
    }
    if (here && failure == null) {
      op.page = page;
    } else if (here) {
      queue.remove(op);
      refuse(op, StoreFailures.of(failure), actions);
    }
    advance(actions);
  }

  /** Puts an op back into the queue, behind those that came before it. */
  private void requeue(AppendCall op) {
    ArrayDeque<AppendCall> before = new ArrayDeque<>();
    while (!queue.isEmpty() && queue.peek().order < op.order) {
      before.push(queue.remove());
    }
    queue.addFirst(op);
    before.forEach(queue::addFirst);
  }

  /** Puts ops back in front of the queue: those given first, then those of the forming batch. */
  private void decideAgain(List<AppendCall> first) {
    List<AppendCall> again = new ArrayList<>(first);
    if (stage != null) {
      again.addAll(stage.reset());
    }
    if (retired != null) {
      again.addAll(oldRetries.clear());
    }
    stale = false;
    for (int i = again.size() - 1; i >= 0; i--) {
      if (again.get(i).isDone()) {
        endings.free(again.get(i));
      } else {
        queue.addFirst(again.get(i));
      }
    }
  }

  // ---- What the store answered.

  public void settle(Batch batch, AppendOutcome outcome, Effects actions) {
    batch.awaited = false;
    if (sent != batch) {
      return;
    }
    boolean unknown =
        outcome instanceof AppendOutcome.Indefinite
            || (outcome instanceof AppendOutcome.Rejected && batch.unsettled);
    if (unknown) {
      batch.unsettled = true;
      actions.sendLater = batch;
      return;
    }
    settling = batch;
    if (outcome instanceof AppendOutcome.Committed) {
      committed(batch, actions);
    } else if (outcome instanceof AppendOutcome.Rejected rejected) {
      rejected(batch, StoreFailures.of(rejected.cause()), actions);
    } else if (outcome instanceof AppendOutcome.Gone) {
      gone(actions);
    } else if (batch.unsettled) {
      actions.verify = batch;
    } else {
      lost(batch, actions);
    }
    settling = null;
  }

  public void settle(Batch batch, AsyncCalls.Own own, Effects actions) {
    if (sent != batch) {
      return;
    }
    settling = batch;
    switch (own) {
      case STORED -> committed(batch, actions);
      // The store has called the seq taken.
      case LOST, NONE -> lost(batch, actions);
      case GONE -> gone(actions);
      default -> actions.sendLater = batch;
    }
    settling = null;
  }

  /** Takes what stands where a batch, whose outcome is unknown, belongs; it may settle that. */
  public void glimpsed(Batch batch, AsyncCalls.Own own, Effects actions) {
    glimpsing = false;
    if (sent == batch && (own == AsyncCalls.Own.STORED || own == AsyncCalls.Own.LOST)) {
      settle(batch, own, actions);
    }
  }

  /** Sends a batch again, unless it was given up meanwhile. */
  public void sendAgain(Batch batch, Effects actions) {
    if (sent == batch) {
      actions.send = batch;
    }
  }

  private void committed(Batch batch, Effects actions) {
    sent = null;
    if (retired != null) {
      // Deleted here since: it was stored before that.
      answer(batch.ops, batch.segment.nextSeq() - 1, actions);
      leave(actions);
      return;
    }
    looks.foundSomething();
    stage.commit(batch);
    // Published before anything is answered, so that whoever has the answer can read the event.
    head.publish(
        head.keepsPages() ? Page.of(batch.segment) : null, state.nextSeq(), state.sealed());
    actions.wakes = true;
    int events = batch.segment.count();
    int bytes = batch.segment.length();
    long took = context.waits().nanoTime() - batch.sentAtNanos;
    turns.stored(took);
    linger.stored();
    context.observer().committed(sessionId, events, bytes, Duration.ofNanos(took));
    answer(batch.ops, state.nextSeq() - 1, actions);
    upkeep.stored(bytes, actions);
    // Where one waited, and nothing has come since, there is nobody to go on with.
    answering = batch.ops.size() > 1 || isWaiting();
    actions.resume = answering;
  }

  /** Goes on when the answers of a batch are delivered. */
  public void resume(Effects actions) {
    answering = false;
    advance(actions);
  }

  /** Nothing of the batch is stored: what it was to write fails, the rest is decided again. */
  private void rejected(Batch batch, SessionLogException failure, Effects actions) {
    sent = null;
    List<AppendCall> again = new ArrayList<>();
    Map<String, Failed> failures = new HashMap<>();
    for (AppendCall op : batch.ops) {
      if (op.encoded) {
        endings.fail(op, failure, actions);
        Failed.note(op, failure, failures);
      } else {
        again.add(op);
      }
    }
    if (!leaveIfRetired(again, actions)) {
      decideAgain(again);
      shareFailures(failures);
      advance(actions);
    }
  }

  /** Another process was first, or sealed the session: everything is decided again behind it. */
  private void lost(Batch batch, Effects actions) {
    sent = null;
    linger.lost();
    Map<String, Failed> failures = new HashMap<>();
    for (AppendCall op : batch.ops) {
      if (op.isDone() && op.encoded) {
        // Given up in flight, and now it is certain that it never will be stored.
        Failed.note(op, CallOutcomes.cancelled("was given up"), failures);
      }
    }
    if (leaveIfRetired(batch.ops, actions)) {
      return;
    }
    decideAgain(batch.ops);
    shareFailures(failures);
    if (!looks.requireAfterLoss(actions)) {
      failUndecided(
          new SessionLogException(
              Code.STORE_UNAVAILABLE,
              "the store refuses seq %d of session %s as taken, but has no event there"
                  .formatted(state.nextSeq(), sessionId)),
          actions);
    }
  }

  /** The session was deleted, by this process or another one. */
  private void gone(Effects actions) {
    List<AppendCall> again = new ArrayList<>();
    Map<String, Failed> failures = new HashMap<>();
    if (sent != null) {
      for (AppendCall op : sent.ops) {
        if (op.encoded && (sent.unsettled || op.isDone())) {
          endings.fail(
              op, CallOutcomes.unknown("outlived its session, which was deleted"), actions);
          Failed.note(op, SessionLoader.notFound(sessionId), failures);
        }
        again.add(op);
      }
      sent = null;
    }
    if (leaveIfRetired(again, actions)) {
      return;
    }
    decideAgain(again);
    shareFailures(failures);
    // The id may have a new life, which what was not stored belongs to.
    lifeEnded(SessionLoader.notFound(sessionId), actions);
  }

  // ---- What others have appended to a shared session.

  /**
   * Asks for a look at the store, unless a write that is under way takes one. If the outcome of
   * that is unknown, others may have been first: readers need not wait until it can be sent again.
   */
  public void refresh(Effects actions) {
    if (stage == null || retired != null || looks.areUnderWay()) {
      return;
    }
    if (sent == null) {
      looks.begin(actions);
    } else if (sent.unsettled && !glimpsing) {
      glimpsing = true;
      actions.glimpse = sent;
    }
  }

  /** Takes what a look at the store has found; true if that was something. */
  public boolean refreshed(
      @Nullable ReadOutcome outcome, @Nullable Throwable failure, Effects actions) {
    boolean found = false;
    try {
      if (outcome instanceof ReadOutcome.Segments segments) {
        Page page =
            segments.segments().isEmpty() || retired != null
                ? null
                : Page.read(head.key(), state.nextSeq(), segments.segments());
        // A seal without events stands at the next seq, and is found there again and again.
        found = page != null && !page.lastToken().equals(state.lastToken());
        if (found) {
          state.apply(page);
          looks.foundSomething();
          turns.passed(segments.segments().size(), isWaiting());
          head.publish(head.keepsPages() ? page : null, state.nextSeq(), state.sealed());
          actions.wakes = true;
          upkeep.account();
        }
      } else if (outcome == null) {
        throw StoreFailures.of(failure);
      }
    } catch (SessionLogException e) {
      boolean awaited = looks.end();
      if (e.code() == Code.CORRUPT && retired == null) {
        // Whoever opens the session again finds what is left of it.
        retire(e, TailEnd.FAILED, actions);
      } else if (awaited) {
        failUndecided(e, actions);
      } else {
        // It was only to see whether there is anything new.
        advance(actions);
      }
      return false;
    }
    if (found && !state.sealed()) {
      actions.refresh = true;
      return true;
    }
    if (outcome instanceof ReadOutcome.Gone) {
      looks.end();
      gone(actions);
    } else {
      looks.succeeded();
      decideAgain(List.of());
      if (retired != null) {
        leave(actions);
      }
      advance(actions);
    }
    return found;
  }

  // ---- How ops end.

  /** Ends the session in this process; what waits fails with the failure. */
  public void retire(SessionLogException failure, TailEnd tailEnd, Effects actions) {
    if (failure.code() == Code.CLOSED) {
      if (retired == null && upkeep != null && damage == null) {
        upkeep.closing(actions);
      }
      giveUpSent("was cut short: the log was closed", failure, actions);
      retired = failure;
    } else if (retired == null) {
      retired = failure;
    }
    actions.retired = true;
    actions.lingers = sent != null;
    leave(actions);
    if (head != null) {
      head.end(tailEnd, tailEnd == TailEnd.FAILED ? failure : null);
      actions.wakes = true;
      head.pages().clear();
      upkeep.release();
    }
  }

  /**
   * Ends a life of the session that was deleted. What waits may have come after that, for the id's
   * next life, which it goes on to.
   */
  public void lifeEnded(SessionLogException failure, Effects actions) {
    movesOn = true;
    retire(failure, TailEnd.DELETED, actions);
  }

  /** Ends what was never sent, once the session is retired, or hands it to the id's next life. */
  private void leave(Effects actions) {
    if (!movesOn || retired.code() != Code.SESSION_NOT_FOUND) {
      failUndecided(retired, actions);
    } else {
      decideAgain(List.of());
      for (AppendCall op : queue) {
        op.startOver();
        endings.letGo(op, actions);
      }
      queue.clear();
      turnedAway.clear();
    }
    actions.settled = sent == null;
  }

  /**
   * Ends the session in this process after an error that nobody foresaw. What the store is writing
   * goes on: until its answer is there, the session is not opened again.
   */
  public void abandon(Throwable error, Effects actions) {
    SessionLogException failure =
        new SessionLogException(
            Code.STORE_UNAVAILABLE,
            "session " + sessionId + " failed unexpectedly and is opened again by the next call",
            error);
    String why = "was cut short by an unexpected error";
    if (settling != null) {
      sent = settling;
      settling = null;
      giveUpSent(why, failure, actions);
    } else if (sent != null && sent.attempts == 0) {
      for (AppendCall op : sent.ops) {
        endings.fail(op, failure, actions);
      }
      sent = null;
    } else if (sent != null && sent.awaited) {
      failRepeats(why, actions);
    } else {
      // No answer will come.
      giveUpSent(why, failure, actions);
    }
    retire(failure, TailEnd.FAILED, actions);
  }

  private void giveUpSent(String why, SessionLogException failure, Effects actions) {
    if (sent != null) {
      for (AppendCall op : sent.ops) {
        endings.fail(op, CallOutcomes.givenUp(op, why, failure), actions);
      }
      failRepeats(why, actions);
      sent = null;
    }
  }

  /** Fails the ops that repeat what is on its way to the store. */
  private void failRepeats(String why, Effects actions) {
    for (AppendCall op : stage.ops()) {
      if (op.knownPending) {
        endings.fail(op, CallOutcomes.unknown(why), actions);
      }
    }
  }

  /** Closes the session, in which nothing is going on. */
  public void retireIdle(Effects actions) {
    retired = new SessionLogException(Code.CLOSED, "session " + sessionId + " is not open");
    actions.retired = true;
    head.pages().clear();
    upkeep.release();
    if (damage == null) {
      upkeep.closing(actions);
    }
  }

  /** Fails ops that have not reached the store; of others it says that the outcome is unknown. */
  public void withdraw(Predicate<AppendCall> which, String why, Effects actions) {
    Map<String, Failed> failures = new HashMap<>();
    if (sent != null) {
      for (AppendCall op : sent.ops) {
        if (!op.isDone() && which.test(op)) {
          SessionLogException failure = CallOutcomes.givenUp(op, why, CallOutcomes.cancelled(why));
          endings.failInFlight(op, failure, actions);
          if (op.refusal != null && !op.meantForAnother) {
            // It is not refused any more: what comes after it is judged by itself.
            stage.answered(op);
            Failed.note(op, failure, failures);
          }
        }
      }
    }
    if (stage != null) {
      for (AppendCall op : stage.ops()) {
        stale |= withdraw(op, which, why, failures, actions);
      }
    }
    for (AppendCall op : queue) {
      withdraw(op, which, why, failures, actions);
    }
    queue.removeIf(AppendCall::isDone);
    oldRetries.forEach(op -> withdraw(op, which, why, failures, actions));
    oldRetries.removeDone();
    advance(actions);
  }

  /** Withdraws an op, or lets it share the failure of one before it; true if either was done. */
  private boolean withdraw(
      AppendCall op,
      Predicate<AppendCall> which,
      String why,
      Map<String, Failed> failures,
      Effects actions) {
    if (op.isDone() || !which.test(op)) {
      return op.shareFailures(failures);
    }
    if (op.knownPending) {
      // The event that it repeats goes on.
      endings.fail(op, CallOutcomes.unknown(why), actions);
      return false;
    }
    SessionLogException failure = CallOutcomes.cancelled(why);
    endings.fail(op, failure, actions);
    Failed.note(op, failure, failures);
    return true;
  }

  /** Answers ops as they were decided: all that they rest on is durable now. */
  private void answer(List<AppendCall> ops, long lastSeq, Effects actions) {
    Map<String, Failed> failures = new HashMap<>();
    for (AppendCall op : ops) {
      if (op.refusal != null && op.isDone()) {
        endings.free(op);
      } else if (op.refusal != null) {
        stage.answered(op);
        endings.fail(op, op.refusal, actions);
        if (!op.meantForAnother) {
          Failed.note(op, op.refusal, failures);
        }
      } else {
        endings.succeed(op, lastSeq, actions);
      }
    }
    shareFailures(failures);
  }

  /** Fails an op at once that is waiting in the queue no more. */
  private void refuse(AppendCall op, SessionLogException failure, Effects actions) {
    endings.fail(op, failure, actions);
    Map<String, Failed> failures = new HashMap<>();
    Failed.note(op, failure, failures);
    shareFailures(failures);
  }

  /** Lets those of the same producers that wait behind failed ops fail with them (clause APP-4). */
  private void shareFailures(Map<String, Failed> failures) {
    if (!failures.isEmpty()) {
      if (stage != null) {
        // They may have to be decided again, when nothing else tells of the failure any more.
        stage.ops().forEach(behind -> behind.shareFailures(failures));
      }
      queue.forEach(behind -> behind.shareFailures(failures));
    }
  }

  /** If the session has ended, ends with it what was sent to it and is certainly not stored. */
  private boolean leaveIfRetired(List<AppendCall> notStored, Effects actions) {
    if (retired == null) {
      return false;
    }
    notStored.forEach(op -> endings.fail(op, retired, actions));
    leave(actions);
    return true;
  }

  /** Fails all that is in the queue and in the forming batch. */
  private void failUndecided(SessionLogException failure, Effects actions) {
    decideAgain(List.of());
    for (AppendCall op : queue) {
      endings.fail(op, failure, actions);
    }
    queue.clear();
  }
}
