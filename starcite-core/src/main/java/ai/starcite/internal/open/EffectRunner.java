package ai.starcite.internal.open;

import ai.starcite.internal.append.EndedCalls;
import ai.starcite.internal.commit.CommitContext;
import ai.starcite.internal.commit.Effect;
import ai.starcite.internal.commit.Effects;
import ai.starcite.internal.commit.InFlight;
import ai.starcite.internal.commit.QueuedAppend;
import ai.starcite.internal.commit.SessionCommit;
import ai.starcite.internal.store.AsyncCalls;
import ai.starcite.internal.store.Backoff;
import ai.starcite.spi.AppendOutcome;
import ai.starcite.spi.Indefinite;
import ai.starcite.spi.StateCheckpoint;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out the effects of one decision, and those of the decisions on answers that come at once:
 * in a loop, so that the stack does not grow with their number. Runs without the session's lock, on
 * one thread, once.
 */
final class EffectRunner implements Effect.Handler {
  private static final Logger LOG = LoggerFactory.getLogger(EffectRunner.class);
  private static final int REFRESH_BYTES = 1 << 20;

  /** A store that answers at once would keep this thread working for others without end. */
  private static final int INLINE_SENDS = 16;

  /** When to take an answer that could not be taken. */
  private static final long RETAKE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final OpenSession session;
  private final Decisions decisions;
  private final CommitContext context;
  private final ArrayDeque<Effects> work = new ArrayDeque<>();
  private boolean blocking;
  private int sends;
  private boolean news;

  /** A write of the current effects that was not handed to the store. */
  private @Nullable InFlight toSend;

  EffectRunner(OpenSession session, Decisions decisions) {
    this.session = session;
    this.decisions = decisions;
    this.context = session.context();
  }

  /**
   * Carries out effects.
   *
   * @param mayBlock whether the store may keep this thread for the first of them
   */
  void run(Effects first, boolean mayBlock) {
    EndedCalls futures = first.futures();
    Effects current = first;
    blocking = mayBlock;
    try {
      for (; current != null; current = work.poll()) {
        try {
          toSend = current.send();
          carryOut(current, futures);
        } catch (RuntimeException | Error e) {
          decisions.keptFromStore(toSend);
          work.add(decisions.made(effects -> decisions.giveUp(e, effects)));
          context.completions().wake(current.ended(), futures);
        }
        blocking = false;
      }
    } catch (RuntimeException | Error e) {
      // What was decided is not done, and not undone either, for want of memory most likely.
      decisions.breakDown(e);
      throw e;
    } finally {
      if (current != null) {
        // Cut short by an error: callers whose append has ended must be told all the same.
        context.completions().wake(current.ended(), futures);
      }
      if (news) {
        commit().head().wake();
      }
      // Last, since that may run the code of users, which may wait for what was just sent.
      context.completions().complete(futures);
    }
  }

  private void carryOut(Effects effects, EndedCalls futures) {
    effects.ending().forEach(each -> each.accept(this));
    news |= effects.wakesReaders();
    if (news && work.isEmpty()) {
      news = false;
      commit().head().wake();
    }
    context.completions().wake(effects.ended(), futures);
    effects.actions().forEach(each -> each.accept(this));
  }

  private SessionCommit commit() {
    return decisions.commit();
  }

  private void decideNow(Consumer<Effects> decision) {
    work.add(decisions.made(decision));
  }

  private void later(long nanos, Consumer<Effects> decision) {
    context.timer().after(nanos, () -> decisions.make(decision));
  }

  // ---- The end of the session.

  @Override
  public void outlive() {
    session.registry().outlive(session);
  }

  @Override
  public void resolved() {
    session.registry().resolved(session);
    session.becomeResolved();
  }

  @Override
  public void forget() {
    session.registry().forget(session);
  }

  @Override
  public void moveOn(List<QueuedAppend> calls) {
    session.registry().moveOn(session, calls);
  }

  // ---- Deciding on.

  @Override
  public void resume() {
    decideNow(commit()::resume);
  }

  @Override
  public void advanceElsewhere() {
    elsewhere(commit()::advance);
  }

  private void elsewhere(Consumer<Effects> decision) {
    context.waker().execute(() -> decisions.make(decision));
  }

  @Override
  public void pause(long nanos) {
    later(nanos, commit()::paused);
  }

  @Override
  public void checkTurn(long nanos) {
    later(nanos, commit().answers()::checkTurn);
  }

  // ---- Calling the store.

  private interface Answer<T> {
    void take(@Nullable T answer, @Nullable Throwable failure, Effects effects);
  }

  /** Decides when an answer comes; if it is there already, as the next work of this thread. */
  private <T> void when(CompletableFuture<T> answer, Answer<T> taking) {
    if (answer.isDone()) {
      answer.whenComplete(
          (value, failure) -> decideNow(effects -> taking.take(value, failure, effects)));
    } else {
      answer.whenComplete((value, failure) -> take(taking, value, failure));
    }
  }

  /** Decides on an answer, which must not be lost. */
  private <T> void take(Answer<T> taking, @Nullable T value, @Nullable Throwable failure) {
    try {
      decisions.make(effects -> taking.take(value, failure, effects));
    } catch (RuntimeException | Error e) {
      LOG.error("an answer of the store could not be taken at once", e);
      later(RETAKE_NANOS, effects -> taking.take(value, failure, effects));
    }
  }

  @Override
  public void checkpoint(StateCheckpoint checkpoint) {
    try {
      context.store().checkpoint(commit().head().key(), checkpoint);
    } catch (RuntimeException | Error e) {
      LOG.debug(
          "a checkpoint of session {} was not saved, which only costs time",
          session.sessionId(),
          e);
    }
  }

  @Override
  public void lookUp(QueuedAppend call) {
    when(
        commit().head().pages().probe(call.wantedSeq()),
        (page, failure, effects) -> commit().lookedUp(call, page, failure, effects));
  }

  @Override
  public void refresh() {
    when(
        AsyncCalls.read(
            context.store(), commit().head().key(), commit().state().nextSeq(), REFRESH_BYTES),
        (outcome, failure, effects) -> {
          if (commit().answers().refreshed(outcome, failure, effects)) {
            session.active();
          }
        });
  }

  @Override
  public void verify(InFlight write) {
    when(
        AsyncCalls.verify(context.store(), commit().head().key(), write.segment()),
        (presence, failure, effects) -> commit().answers().verified(write, presence, effects));
  }

  @Override
  public void glimpse(InFlight write) {
    when(
        AsyncCalls.verify(context.store(), commit().head().key(), write.segment()),
        (presence, failure, effects) -> commit().answers().glimpsed(write, presence, effects));
  }

  @Override
  public void sendLater(InFlight write) {
    context.observer().onRetried(session.sessionId(), write.attempts());
    later(
        Backoff.nanos(write.attempts(), context.random()),
        effects -> commit().answers().sendAgain(write, effects));
  }

  @Override
  public void send(InFlight write) {
    if (++sends >= INLINE_SENDS) {
      elsewhere(effects -> commit().answers().sendAgain(write, effects));
      toSend = null;
      return;
    }
    write.attempt();
    toSend = null;
    CompletableFuture<AppendOutcome> outcome =
        AsyncCalls.append(context.store(), commit().head().key(), write.segment(), blocking);
    try {
      write.await(true);
      when(outcome, (known, failure, effects) -> commit().answers().written(write, known, effects));
    } catch (RuntimeException | Error e) {
      // The answer, if there is one, has nobody to go to: the same bytes are sent again.
      write.await(false);
      AppendOutcome lost = new Indefinite(e);
      decideNow(effects -> commit().answers().written(write, lost, effects));
    }
  }
}
