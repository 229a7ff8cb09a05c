package ai.starcite.examples.gateway.http;

import ai.starcite.LogObserver;
import ai.starcite.SessionLogException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the gateway and its log do, as numbers. */
public final class Metrics implements LogObserver {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Counter events = counter("starcite.events.committed", "Events that became durable");
  private final Counter bytes =
      counter("starcite.bytes.committed", "Bytes of segments that became durable");
  private final Counter dedupes =
      counter("starcite.appends.deduped", "Events that were sent again and were there already");
  private final Counter retries =
      counter("starcite.writes.retried", "Writes of unknown outcome that were sent again");
  private final Counter bytesRead =
      counter("starcite.bytes.read", "Bytes that were read from the store");
  private final Timer commits = timer("starcite.commit", "From the store's taking a segment");
  private final Timer reads = timer("starcite.read", "Reads from the store");
  private final Timer appends = timer("starcite.append", "Appends, as clients see them");

  private Counter counter(String name, String description) {
    return Counter.builder(name).description(description).register(registry);
  }

  private Timer timer(String name, String description) {
    return Timer.builder(name)
        .description(description)
        .publishPercentileHistogram()
        .minimumExpectedValue(Duration.ofMillis(1))
        .maximumExpectedValue(Duration.ofSeconds(30))
        .register(registry);
  }

  public void openTails(Supplier<Number> number) {
    Gauge.builder("starcite.tails.open", number)
        .description("Tails that clients have open")
        .register(registry);
  }

  public String scrape() {
    return registry.scrape();
  }

  public Timer.Sample start() {
    return Timer.start(registry);
  }

  public void appended(Timer.Sample started, @Nullable Throwable failure) {
    if (failure == null) {
      started.stop(appends);
    } else {
      failed(
          failure instanceof SessionLogException e
              ? e.code().name().toLowerCase(Locale.ROOT)
              : "internal");
    }
  }

  private void failed(String reason) {
    Counter.builder("starcite.appends.failed")
        .description("Appends that failed; the reasons that end in conflict are conflicts")
        .tag("reason", reason)
        .register(registry)
        .increment();
  }

  public void requested(String method, String route, int status) {
    Counter.builder("starcite.http.requests")
        .description("Requests by route and status")
        .tag("method", method)
        .tag("route", route)
        .tag("status", String.valueOf(status))
        .register(registry)
        .increment();
  }

  @Override
  public void onCommitted(String sessionId, int count, int size, Duration took) {
    events.increment(count);
    bytes.increment(size);
    commits.record(took);
  }

  @Override
  public void onDeduped(String sessionId, int count) {
    dedupes.increment(count);
  }

  @Override
  public void onRetried(String sessionId, int attempt) {
    retries.increment();
  }

  @Override
  public void onPageRead(String sessionId, long size, Duration took) {
    bytesRead.increment(size);
    reads.record(took);
  }
}
