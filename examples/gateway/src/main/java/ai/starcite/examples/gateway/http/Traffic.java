package ai.starcite.examples.gateway.http;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** Requests under way, which get to finish when the gateway is stopped. */
public final class Traffic {
  private int underWay;
  private boolean stopping;

  public synchronized boolean isStopping() {
    return stopping;
  }

  /**
   * Lets a request in, unless the gateway is being stopped.
   *
   * @return says that it is over; a second time, nothing
   */
  public synchronized Runnable enter() {
    if (stopping) {
      throw Problem.shuttingDown();
    }
    underWay++;
    AtomicBoolean over = new AtomicBoolean();
    return () -> {
      if (over.compareAndSet(false, true)) {
        leave();
      }
    };
  }

  private synchronized void leave() {
    underWay--;
    notifyAll();
  }

  public synchronized int underWay() {
    return underWay;
  }

  public synchronized void stop() {
    stopping = true;
  }

  /** Waits until all requests are answered. */
  public synchronized void await(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    for (long left = timeout.toNanos(); left > 0 && underWay > 0; ) {
      wait(Math.max(1, left / 1_000_000));
      left = deadline - System.nanoTime();
    }
  }
}
