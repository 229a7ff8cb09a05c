package ai.starcite.testkit.contract;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** What the tests of tails have beside a log: readers on threads of their own. */
abstract class ReaderFixture extends TailFixture {
  private static final long GLANCE_NANOS = 100_000;

  /** Looks again and again; the time-out of the test ends what never comes true. */
  protected static void waitUntil(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      if (Thread.currentThread().isInterrupted()) {
        throw new AssertionError("interrupted while waiting for a condition");
      }
      LockSupport.parkNanos(GLANCE_NANOS);
    }
  }

  /** Starts something on a thread of its own. */
  protected static <T> InThread<T> start(Callable<T> task) {
    return new InThread<>(task);
  }

  /** Something that runs on a thread of its own. */
  protected static final class InThread<T> {
    private final FutureTask<T> task;
    private final Thread thread;

    private InThread(Callable<T> callable) {
      task = new FutureTask<>(callable);
      thread = new Thread(task, "test-reader");
      thread.setDaemon(true);
      thread.start();
    }

    /** Waits until the thread waits for something itself. */
    InThread<T> untilBlocked() {
      waitUntil(() -> task.isDone() || isWaiting());
      if (task.isDone()) {
        throw new AssertionError("it did not wait, but ended with " + outcome());
      }
      return this;
    }

    private boolean isWaiting() {
      Thread.State state = thread.getState();
      return state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
    }

    /** Interrupts the thread. */
    void interrupt() {
      thread.interrupt();
    }

    /** Whether it is over. */
    boolean isDone() {
      return task.isDone();
    }

    /** What it returned, or throws what it threw. */
    T result() {
      Object outcome = outcome();
      if (outcome instanceof RuntimeException e) {
        throw e;
      }
      if (outcome instanceof Throwable e) {
        throw new AssertionError(e);
      }
      @SuppressWarnings("unchecked")
      T result = (T) outcome;
      return result;
    }

    private Object outcome() {
      try {
        return task.get();
      } catch (ExecutionException e) {
        return e.getCause();
      } catch (InterruptedException e) {
        throw new AssertionError("interrupted", e);
      }
    }
  }
}
