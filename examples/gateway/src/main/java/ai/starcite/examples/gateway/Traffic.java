package ai.starcite.examples.gateway;

import java.time.Duration;

/** Requests under way, which get to finish when the gateway is stopped. */
final class Traffic {
  private int underWay;
  private boolean stopping;

  synchronized boolean isStopping() {
    return stopping;
  }

  /** Lets a request in, unless the gateway is being stopped. */
  synchronized void enter() {
    if (stopping) {
      throw Problem.shuttingDown();
    }
    underWay++;
  }

  synchronized void leave() {
    underWay--;
    notifyAll();
  }

  synchronized void stop() {
    stopping = true;
  }

  /** Waits until all requests are answered. */
  synchronized void await(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    for (long left = timeout.toNanos(); left > 0 && underWay > 0; ) {
      wait(Math.max(1, left / 1_000_000));
      left = deadline - System.nanoTime();
    }
  }
}
