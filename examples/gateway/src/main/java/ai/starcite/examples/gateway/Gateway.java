package ai.starcite.examples.gateway;

import ai.starcite.SessionLog;
import ai.starcite.examples.gateway.access.Access;
import ai.starcite.examples.gateway.http.GatewayOptions;
import ai.starcite.examples.gateway.http.Metrics;
import ai.starcite.examples.gateway.http.Traffic;
import ai.starcite.examples.gateway.tails.OpenTails;
import ai.starcite.spi.SegmentStore;
import io.javalin.Javalin;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** A session log and the server that has it on the network. */
public final class Gateway implements AutoCloseable {
  private final GatewayOptions options;
  private final SessionLog log;
  private final OpenTails tails;
  private final Traffic traffic = new Traffic();
  private final ScheduledThreadPoolExecutor timer = timer();
  private final Javalin server;
  private boolean closed;

  private Gateway(GatewayOptions options, Access access, SegmentStore store) {
    this.options = options;
    Metrics metrics = new Metrics();
    tails = new OpenTails(options.maxTailsPerClient);
    metrics.openTails(tails::size);
    log =
        SessionLog.builder(store)
            .maxEventBytes(options.maxEventBytes)
            .observer(metrics)
            .closeTimeout(options.shutdownTimeout())
            .open();
    QueuedThreadPool threads = new QueuedThreadPool();
    threads.setName("starcite-gateway");
    server = new Routes(options, log, access, metrics, tails, traffic, timer, threads).server();
  }

  /** Starts a gateway, which listens when this returns. */
  static Gateway start(GatewayOptions options) {
    Access access = Access.of(options);
    return start(options, access, Stores.open(options.store));
  }

  /** Starts a gateway over a store, which it closes at its end. */
  static Gateway start(GatewayOptions options, SegmentStore store) {
    return start(options, Access.of(options), store);
  }

  private static Gateway start(GatewayOptions options, Access access, SegmentStore store) {
    Gateway gateway = new Gateway(options, access, store);
    try {
      gateway.server.start();
    } catch (RuntimeException e) {
      gateway.close();
      throw e;
    }
    return gateway;
  }

  private static ScheduledThreadPoolExecutor timer() {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "starcite-gateway-timer");
              thread.setDaemon(true);
              return thread;
            });
    timer.setRemoveOnCancelPolicy(true);
    return timer;
  }

  /** The port that it listens on. */
  public int port() {
    return server.port();
  }

  /** Its address. */
  public String url() {
    String host = options.host.contains(":") ? "[" + options.host + "]" : options.host;
    return "http://" + host + ":" + port();
  }

  int requestsUnderWay() {
    return traffic.underWay();
  }

  /**
   * Stops the gateway: new requests are refused, those under way finish, tails are told to go
   * elsewhere, then log and store are closed. Can be called twice.
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    traffic.stop();
    tails.close();
    try {
      traffic.await(options.shutdownTimeout());
      tails.await(Duration.ofSeconds(2));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try {
      server.stop();
    } finally {
      timer.shutdownNow();
      log.close();
    }
  }
}
