package ai.starcite.examples.gateway.tails;

import ai.starcite.examples.gateway.http.Problem;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The tails that clients have open: counted, limited, and ended when the gateway is. */
public final class OpenTails {
  /** A tail that is open until it is released. */
  final class Lease {
    private final String client;
    private final Runnable end;

    private Lease(String client, Runnable end) {
      this.client = client;
      this.end = end;
    }

    void release() {
      OpenTails.this.release(this);
    }
  }

  private final int limit;
  private final Set<Lease> leases = new HashSet<>();
  private final Map<String, Integer> clients = new HashMap<>();
  private boolean closed;

  public OpenTails(int limit) {
    this.limit = limit;
  }

  /** Refuses a client that has as many tails as it may have. */
  synchronized void check(String client) {
    if (closed) {
      throw Problem.shuttingDown();
    }
    if (clients.getOrDefault(client, 0) >= limit) {
      throw Problem.backpressure(
          "the client has %d tails open, which is as many as it may have".formatted(limit));
    }
  }

  /**
   * Counts a tail.
   *
   * @param client who has it
   * @param end ends it; called at most once, when the gateway is stopped
   * @throws Problem if the client has too many, or the gateway is being stopped
   */
  synchronized Lease open(String client, Runnable end) {
    check(client);
    Lease lease = new Lease(client, end);
    leases.add(lease);
    clients.merge(client, 1, Integer::sum);
    return lease;
  }

  private synchronized void release(Lease lease) {
    if (leases.remove(lease)) {
      clients.computeIfPresent(lease.client, (client, open) -> open == 1 ? null : open - 1);
      notifyAll();
    }
  }

  public synchronized int size() {
    return leases.size();
  }

  /** Ends all tails and lets none begin. */
  public void close() {
    List<Lease> open;
    synchronized (this) {
      closed = true;
      open = List.copyOf(leases);
    }
    open.forEach(lease -> lease.end.run());
  }

  /** Waits until all tails have gone. */
  public synchronized void await(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    for (long left = timeout.toNanos(); left > 0 && !leases.isEmpty(); ) {
      wait(Math.max(1, left / 1_000_000));
      left = deadline - System.nanoTime();
    }
  }
}
