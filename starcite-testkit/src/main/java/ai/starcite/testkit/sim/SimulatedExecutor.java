package ai.starcite.testkit.sim;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Runs the tasks of a process as steps of a simulation. */
final class SimulatedExecutor extends AbstractExecutorService implements ScheduledExecutorService {
  private final Simulation simulation;
  private final SimulatedProcess owner;

  SimulatedExecutor(Simulation simulation, SimulatedProcess owner) {
    this.simulation = simulation;
    this.owner = owner;
  }

  @Override
  public void execute(Runnable task) {
    // Not at once, so that the order of tasks is the seed's.
    simulation.schedule(owner.name() + " task", owner, simulation.delay() / 16, task);
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
    return later(
        () -> {
          task.run();
          return null;
        },
        unit.toNanos(delay));
  }

  @Override
  public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
    return later(task, unit.toNanos(delay));
  }

  private <V> ScheduledFuture<V> later(Callable<V> task, long nanos) {
    return new Scheduled<>(task, nanos);
  }

  private final class Scheduled<V> extends FutureTask<V> implements ScheduledFuture<V> {
    private final long due;
    private final Simulation.Step step;

    Scheduled(Callable<V> task, long nanos) {
      super(task);
      due = simulation.elapsedNanos() + nanos;
      step = simulation.schedule(owner.name() + " timer", owner, nanos, this);
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
      step.cancel();
      return super.cancel(mayInterruptIfRunning);
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(due - simulation.elapsedNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable task, long initialDelay, long period, TimeUnit unit) {
    throw new UnsupportedOperationException("a simulation would never end");
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable task, long initialDelay, long delay, TimeUnit unit) {
    throw new UnsupportedOperationException("a simulation would never end");
  }

  @Override
  public void shutdown() {}

  @Override
  public List<Runnable> shutdownNow() {
    return List.of();
  }

  @Override
  public boolean isShutdown() {
    return false;
  }

  @Override
  public boolean isTerminated() {
    return false;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return false;
  }
}
