package ai.starcite.internal.open;

import ai.starcite.SessionLogException;
import ai.starcite.TailEnd;
import ai.starcite.internal.commit.Effects;
import ai.starcite.internal.commit.InFlight;
import ai.starcite.internal.commit.Retirement;
import ai.starcite.internal.commit.SessionCommit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the decisions of a session under its one lock, and has their effects carried out once the
 * lock is released. Thread-safe.
 */
final class Decisions {
  private static final Logger LOG = LoggerFactory.getLogger(Decisions.class);

  private final OpenSession session;
  private final ReentrantLock lock = new ReentrantLock();

  /** Guarded by the lock. */
  private Phase phase;

  /** Why the session is still to be given up, by the next decision. */
  private volatile @Nullable Throwable broken;

  /** A write that an error has kept from the store. */
  private volatile @Nullable InFlight neverSent;

  /** Whether the session was given up. */
  private volatile boolean abandoned;

  Decisions(OpenSession session, Phase first) {
    this.session = session;
    this.phase = first;
  }

  /** How far the session has come. In a decision. */
  Phase phase() {
    return phase;
  }

  /** Moves the session on. In a decision. */
  void become(Phase next) {
    phase = next;
  }

  /** The commits of the session if it was opened, else null. In a decision, or an effect of one. */
  @Nullable SessionCommit commit() {
    return phase instanceof Phase.Opened now ? now.commit() : null;
  }

  /** Reads under the lock, without effects. */
  <T> T read(Supplier<T> reading) {
    lock.lock();
    try {
      return reading.get();
    } finally {
      lock.unlock();
    }
  }

  /** Decides under the lock, then carries out the effects. */
  void make(Consumer<Effects> decision) {
    carryOut(made(decision), false);
  }

  /** Decides under the lock. An error that nobody foresaw ends the session. */
  Effects made(Consumer<Effects> decision) {
    Effects effects = new Effects();
    lock.lock();
    try {
      Throwable cause = broken;
      if (cause != null) {
        giveUp(cause, effects);
      }
      decision.accept(effects);
    } catch (RuntimeException | Error e) {
      giveUp(e, effects);
    } finally {
      lock.unlock();
    }
    return effects;
  }

  /**
   * Carries effects out.
   *
   * @param mayBlock whether the store may keep the calling thread for a write
   */
  void carryOut(Effects effects, boolean mayBlock) {
    if (!effects.areNone()) {
      new EffectRunner(session, this).run(effects, mayBlock);
      session.registry().evictIfHeavy();
    }
  }

  // ---- Errors that nobody foresaw.

  /**
   * Ends the session after an error, in a decision. What is pending must be answered all the same,
   * and the session is opened afresh by the next call. If even that fails, as it may where stack or
   * memory is short, the next decision tries again.
   */
  void giveUp(Throwable error, Effects effects) {
    broken = error;
    try {
      LOG.error("session {} had to be given up in this process", session.sessionId(), error);
      SessionCommit commit = commit();
      if (commit != null) {
        commit.abandon(error, neverSent, effects);
      } else {
        SessionLogException failure = Retirement.unexpected(session.sessionId(), error);
        phase = phase.retire(failure, TailEnd.FAILED, effects);
      }
      neverSent = null;
      abandoned = true;
      broken = null;
    } catch (RuntimeException | Error again) {
      error.addSuppressed(again);
    }
  }

  /** Whether the session was given up. */
  boolean wereAbandoned() {
    return abandoned;
  }

  /**
   * Notes the write that an error has kept from the store, if any, before the session is given up.
   */
  void keptFromStore(@Nullable InFlight write) {
    neverSent = write;
  }

  /** Has the session given up by the next decision, where memory is too short for one now. */
  void breakDown(Throwable error) {
    broken = error;
  }
}
