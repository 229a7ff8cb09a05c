package ai.starcite.testkit.sim;

import ai.starcite.SessionLog;
import ai.starcite.SessionLogBuilder;
import ai.starcite.internal.CoreAccess;
import ai.starcite.internal.threads.Waits;
import ai.starcite.spi.SegmentStore;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Represents a process of a {@link Simulation}: its logs, its tasks and its clients. Not
 * thread-safe, like the simulation.
 */
public final class SimulatedProcess {
  private final Simulation simulation;
  private final String name;
  private final SimulatedExecutor executor;
  private final Waits waits = new SimulatedWaits();
  private long pausedUntil;
  private boolean dead;
  private int clients;

  /** Ends what a process was in the middle of when it died. */
  static final class Died extends Error {
    private static final long serialVersionUID = 1;

    Died(String process) {
      super("process " + process + " died", null, false, false);
    }
  }

  SimulatedProcess(Simulation simulation, String name) {
    this.simulation = simulation;
    this.name = name;
    this.executor = new SimulatedExecutor(simulation, this);
  }

  /**
   * Opens a log in this process, which takes time, randomness and threads from the simulation.
   *
   * @param settings how to open it
   * @return an open log
   */
  public SessionLog open(SessionLogBuilder settings) {
    SessionLogBuilder own =
        settings
            .clock(simulation::instant)
            .random(simulation.random())
            .executor(executor)
            .scheduler(executor);
    return CoreAccess.access().open(own, waits);
  }

  /**
   * Returns a store as this process reaches it: calls arrive later, and so do answers. A call that
   * has arrived is done, whether or not the process lives to see the answer.
   *
   * @param store the store that processes share; it must answer at once
   * @return a store for a log of this process
   */
  public SegmentStore reach(SegmentStore store) {
    return new DistantStore(store, simulation, this);
  }

  /**
   * Schedules something in this process, such as the arrival of an answer: it does not happen while
   * the process is paused, and never after its death.
   *
   * @param what what the trace calls it
   * @param delay how long from now
   * @param action what happens, in one step; what it throws ends the run
   */
  public void later(String what, Duration delay, Runnable action) {
    simulation.schedule(what, this, delay.toNanos(), action);
  }

  /**
   * Runs calls one after the other, as a new client.
   *
   * @param calls what to do; a call may block
   */
  public void run(Runnable... calls) {
    run(name + " client " + ++clients, calls, 0);
  }

  private void run(String client, Runnable[] calls, int next) {
    if (next < calls.length) {
      simulation.schedule(
          client + " call " + next,
          this,
          simulation.delay(),
          () -> {
            try {
              calls[next].run();
              run(client, calls, next + 1);
            } catch (Died e) {
              simulation.note(client + " is gone");
            }
          });
    }
  }

  /**
   * Stops everything in this process for a while, as a suspended machine does. The store, and what
   * is on its way there, continue.
   *
   * @param time for how long
   */
  public void pause(Duration time) {
    pausedUntil = Math.max(pausedUntil, simulation.elapsedNanos() + time.toNanos());
    simulation.note(name + " pauses for " + Simulation.millis(time.toNanos()));
  }

  /** Ends this process at once: only what is on its way to the store still happens. */
  public void crash() {
    dead = true;
    simulation.note(name + " dies");
  }

  /**
   * Returns the executor of this process.
   *
   * @return runs tasks as steps of the simulation
   */
  public Executor executor() {
    return executor;
  }

  /**
   * Returns the scheduler of this process.
   *
   * @return counts virtual time
   */
  public ScheduledExecutorService scheduler() {
    return executor;
  }

  /**
   * Returns the name of this process in the trace.
   *
   * @return the name
   */
  public String name() {
    return name;
  }

  /**
   * Returns whether the process has died.
   *
   * @return true after {@link #crash}
   */
  public boolean isDead() {
    return dead;
  }

  boolean isPaused() {
    return simulation.elapsedNanos() < pausedUntil;
  }

  long pausedUntilNanos() {
    return pausedUntil;
  }

  /** Takes steps of others where a thread would wait. */
  private final class SimulatedWaits implements Waits {
    @Override
    public long nanoTime() {
      return simulation.elapsedNanos();
    }

    @Override
    public void park(Object blocker, long nanos) {
      long now = simulation.elapsedNanos();
      long deadline = nanos > Long.MAX_VALUE - now ? Long.MAX_VALUE : now + nanos;
      if (!simulation.stepBefore(deadline)) {
        throw new AssertionError(
            name + " waits for what never comes, at " + blocker + "; " + simulation.story());
      }
      while (isPaused() && !dead) {
        simulation.stepBefore(pausedUntil);
      }
      if (dead) {
        throw new Died(name);
      }
    }
  }
}
