package ai.starcite;

import ai.starcite.ProducerQueue.Turn;
import ai.starcite.ProducerQueue.Waiting;
import ai.starcite.SessionLogException.Code;
import ai.starcite.internal.AppendListener;
import ai.starcite.internal.ProducerLog;
import ai.starcite.internal.segment.Content;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The order in which the appends of a producer go to the log: that of their calls. Asynchronous
 * ones are sent one after the other, without waiting for an answer. A blocking one has the lane for
 * itself, and so has the resolution of an unknown outcome.
 *
 * <p>When an asynchronous append fails, so do those that wait behind it: they were called after it,
 * and must not be stored before its retry. Those that were sent behind it end first, which the log
 * sees to; only then is the next one given numbers.
 *
 * <p>What waits is sent by one thread at a time, which holds no lock: it may run the code of users,
 * if the log's executor does. Thread-safe.
 */
final class ProducerLane {
  private static final Runnable NOTHING = () -> {};

  private sealed interface Phase {}

  /** Appends are sent as they come. */
  private record Flowing() implements Phase {}

  /** An append has failed, and those that were sent behind it have not ended yet. */
  private record Draining(SessionLogException first) implements Phase {}

  /** A blocking append or a resolution has the lane for itself. */
  private record Occupied() implements Phase {}

  private final ProducerLog log;
  private final ProducerNumbers numbers;
  private final String producerId;
  private final ProducerQueue waiting = new ProducerQueue();
  private final OneSender sender = new OneSender(this, this::next);
  private final Runnable advancing = sender::advance;
  private final Set<ProducerAppend> onTheirWay = new LinkedHashSet<>();
  private Phase phase = new Flowing();
  private boolean isWatched;

  /** Whether an append on its way has ended, and the numbers do not know it. */
  private boolean someUnnoted;

  ProducerLane(ProducerLog log, ProducerNumbers numbers, String producerId) {
    this.log = log;
    this.numbers = numbers;
    this.producerId = producerId;
  }

  // ---- Asynchronous appends.

  /** Sends an append when it is its turn. */
  void submit(ProducerAppend append) {
    append.pending.onCancel(() -> withdraw(append));
    if (!waiting.add(append)) {
      append.pending.fail(told(append.contents, ProducerFailures.tooManyWait()));
      return;
    }
    sender.advance();
    watchIfWaiting();
  }

  private void withdraw(ProducerAppend append) {
    if (failWaiting(append, ProducerFailures.withdrawn("was cancelled"))) {
      sender.advance();
    } else {
      synchronized (this) {
        append.isWithdrawn = true;
      }
    }
  }

  /** Fails an append that waits, and those behind it; false if it does not wait any more. */
  private boolean failWaiting(ProducerAppend append, SessionLogException failure) {
    List<ProducerAppend> taken = waiting.takeFrom(append);
    if (taken.isEmpty()) {
      return false;
    }
    append.pending.fail(told(append.contents, failure));
    failBehind(taken.subList(1, taken.size()), failure);
    return true;
  }

  private void failBehind(List<ProducerAppend> behind, SessionLogException failure) {
    for (ProducerAppend each : behind) {
      each.pending.fail(told(each.contents, ProducerFailures.behind(failure)));
    }
  }

  private void watchIfWaiting() {
    synchronized (this) {
      if (isWatched || !waiting.hasAppends()) {
        return;
      }
      isWatched = true;
    }
    log.watch(this::expire);
  }

  /** Fails the appends whose time is over; false if none is left to watch. */
  private boolean expire(long now) {
    for (ProducerAppend append : waiting.late(now)) {
      if (failWaiting(append, ProducerFailures.withdrawn("timed out"))) {
        goOn();
      }
    }
    synchronized (this) {
      isWatched = waiting.hasAppends();
      return isWatched;
    }
  }

  // ---- Blocking appends.

  /**
   * Waits until the calling thread has the lane for itself.
   *
   * @throws SessionLogException {@code CANCELLED} if it does not get it in time, or is interrupted
   */
  void occupy(long deadline) {
    Turn turn = new Turn();
    waiting.add(turn);
    sender.advance();
    while (!turn.isGranted) {
      long left = deadline - log.nanoTime();
      boolean interrupted = Thread.currentThread().isInterrupted();
      if (left > 0 && !interrupted) {
        LockSupport.parkNanos(this, left);
      } else if (waiting.remove(turn)) {
        sender.advance();
        throw ProducerFailures.withdrawn(interrupted ? "was interrupted" : "timed out");
      }
    }
  }

  /** Leaves the lane to others. */
  void release() {
    synchronized (this) {
      numbers.restart();
      phase = new Flowing();
    }
    sender.advance();
    watchIfWaiting();
  }

  // ---- Whose turn it is.

  /** Decides what is done next, if anything; guarded by the lock. */
  private @Nullable Runnable next() {
    Runnable failing = someUnnoted ? noteAgain() : null;
    if (failing != null) {
      return failing;
    }
    Waiting first = waiting.first();
    if (first == null || phase instanceof Occupied) {
      return null;
    }
    boolean isAlone = onTheirWay.isEmpty();
    if (first instanceof ProducerAppend append) {
      if (!isAlone && (phase instanceof Draining || !numbers.mayBeSentBehindAnother())) {
        return null;
      }
      ProducerNumbers.Attempt attempt = numbers.assign(append.contents);
      if (attempt != null) {
        return sendNext(append, attempt);
      }
    }
    if (!isAlone) {
      return null;
    }
    if (first instanceof ProducerAppend append) {
      phase = new Occupied();
      return () -> resolve(append);
    }
    return grant((Turn) first);
  }

  private Runnable sendNext(ProducerAppend append, ProducerNumbers.Attempt attempt) {
    Runnable sending = () -> send(append, attempt);
    append.attempt = attempt;
    onTheirWay.add(append);
    if (!waiting.remove(append)) {
      // It was withdrawn in this moment.
      onTheirWay.remove(append);
      return NOTHING;
    }
    numbers.send(attempt);
    return sending;
  }

  private Runnable grant(Turn turn) {
    Phase occupied = new Occupied();
    if (!waiting.remove(turn)) {
      return NOTHING;
    }
    phase = occupied;
    turn.isGranted = true;
    return () -> LockSupport.unpark(turn.thread);
  }

  private void send(ProducerAppend append, ProducerNumbers.Attempt attempt) {
    try {
      append.pending.send(attempt.events(producerId), append.inTime(log), new End(append));
    } catch (RuntimeException | Error e) {
      SessionLogException failure = ProducerFailures.of(e);
      append.pending.fail(refused(append, attempt, failure));
      failBehind(waiting.takeAppends(), failure);
    }
    boolean isWithdrawn;
    synchronized (this) {
      isWithdrawn = append.isWithdrawn;
    }
    if (isWithdrawn) {
      append.pending.future().cancel(false);
    }
  }

  // ---- How appends end.

  /** Hears how an append ends that was sent, on a thread that must not wait. */
  private final class End implements AppendListener {
    private final ProducerAppend append;

    End(ProducerAppend append) {
      this.append = append;
    }

    @Override
    public void stored() {
      synchronized (ProducerLane.this) {
        if (append.hasEnded()) {
          return;
        }
        append.isStored = true;
        note(append);
      }
      goOn();
    }

    @Override
    public SessionLogException failed(SessionLogException failure) {
      List<ProducerAppend> behind;
      SessionLogException told;
      synchronized (ProducerLane.this) {
        if (append.failure != null) {
          return append.failure;
        }
        append.failure = failure;
        behind = note(append);
        told = append.failure;
      }
      goOn();
      failBehind(behind, told);
      return told;
    }
  }

  private void goOn() {
    if (!waiting.isEmpty()) {
      log.waker().execute(advancing);
    }
  }

  /** Notes how an append ended. Returns those that fail with it. Guarded by the lock. */
  private List<ProducerAppend> note(ProducerAppend append) {
    try {
      ProducerNumbers.Attempt attempt = Objects.requireNonNull(append.attempt, "was sent");
      if (!append.isStored) {
        return noteFailure(append, attempt, Objects.requireNonNull(append.failure, "has ended"));
      }
      numbers.stored(attempt, !append.pending.isAbandoned());
      letGo(append);
      return List.of();
    } catch (RuntimeException | Error e) {
      // For want of memory: it is noted before the next append is given numbers.
      someUnnoted = true;
      return List.of();
    }
  }

  private List<ProducerAppend> noteFailure(
      ProducerAppend append, ProducerNumbers.Attempt attempt, SessionLogException failure) {
    if (!failure.isDefinite()) {
      numbers.unknown(attempt);
      drain(failure);
      letGo(append);
      return waiting.takeAppends();
    }
    SessionLogException told = definite(attempt, failure);
    if (failure.code() == Code.BACKPRESSURE && numbers.isLast(attempt)) {
      numbers.takeBack(attempt);
    } else {
      numbers.failed(attempt);
      drain(told);
    }
    append.failure = told;
    letGo(append);
    return waiting.takeAppends();
  }

  private SessionLogException definite(ProducerNumbers.Attempt attempt, SessionLogException e) {
    if (attempt.isRetry()) {
      if (ProducerFailures.wasDecided(e)) {
        numbers.resolveNext();
      }
      return ProducerFailures.ofRetry(e);
    }
    if (e.code() != Code.PRODUCER_SEQ_CONFLICT || !numbers.isBehindUnstored(attempt)) {
      return e;
    }
    // The gap is where an earlier append has failed, which may not be known here yet.
    return phase instanceof Draining draining
        ? ProducerFailures.behind(draining.first)
        : ProducerFailures.behindAnother(e);
  }

  private void drain(SessionLogException first) {
    if (phase instanceof Flowing) {
      phase = new Draining(first);
    }
  }

  private void letGo(ProducerAppend append) {
    onTheirWay.remove(append);
    if (onTheirWay.isEmpty() && phase instanceof Draining) {
      numbers.restart();
      phase = new Flowing();
    }
  }

  /** Notes what could not be noted. Returns what fails the appends behind, if any. */
  private @Nullable Runnable noteAgain() {
    someUnnoted = false;
    for (ProducerAppend each : List.copyOf(onTheirWay)) {
      List<ProducerAppend> behind = each.hasEnded() ? note(each) : List.of();
      if (!behind.isEmpty()) {
        someUnnoted = true;
        SessionLogException failure = Objects.requireNonNull(each.failure, "has failed");
        return () -> failBehind(behind, failure);
      }
    }
    return null;
  }

  /** Ends an append that the log did not take. */
  private SessionLogException refused(
      ProducerAppend append, ProducerNumbers.Attempt attempt, SessionLogException e) {
    synchronized (this) {
      if (append.failure == null) {
        append.failure = attempt.isRetry() ? ProducerFailures.ofRetry(e) : e;
        numbers.takeBack(attempt);
        letGo(append);
      }
      return append.failure;
    }
  }

  /** What the caller of events that were not sent is told. */
  SessionLogException told(List<Content> contents, SessionLogException e) {
    return numbers.areUnknown(contents) ? ProducerFailures.ofRetry(e) : e;
  }

  // ---- Unknown outcomes.

  /** Resolves what is unknown for an append that cannot be sent before. */
  private void resolve(ProducerAppend append) {
    try {
      log.lastNumber(append.inTime(log))
          .whenComplete((last, failure) -> resolved(append, last, failure));
    } catch (RuntimeException | Error e) {
      resolved(append, null, e);
    }
  }

  private void resolved(ProducerAppend append, @Nullable Long last, @Nullable Throwable failure) {
    try {
      if (last != null) {
        numbers.resolved(last);
      } else {
        failWaiting(append, ProducerFailures.of(failure));
      }
    } finally {
      synchronized (this) {
        phase = new Flowing();
      }
      log.waker().execute(advancing);
    }
  }
}
