package ai.starcite.store.s3.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.SessionLog;
import ai.starcite.store.s3.NoHints;
import ai.starcite.store.s3.S3SegmentStore;
import ai.starcite.store.s3.Stores;
import ai.starcite.testkit.sim.SimulatedProcess;
import ai.starcite.testkit.sim.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A server that asks for fewer requests gets fewer. */
class ThrottlingTest {
  private static final NewEvent EVENT = NewEvent.of("content", Json.parse("{}"));

  /** When the server is busy. */
  private static final long BUSY_FROM = 5_000;

  private static final long BUSY_TO = 5_200;

  /** Half a minute of events, a hundred a second. */
  private static final int EVENTS = 3_000;

  private final Simulation simulation = new Simulation(1);
  private final SimulatedObjects objects = new SimulatedObjects(simulation, Weather.CALM);
  private final SimulatedProcess process = simulation.startProcess("p");
  private final List<Long> segments = new ArrayList<>();

  private S3SegmentStore open() {
    return Stores.over(
        objects.reach(process, () -> {}),
        S3Settings.DEFAULT.withMaintains(false),
        new ProtocolFactory(),
        new Environment(process.scheduler(), simulation.random(), simulation::elapsedNanos),
        new NoHints());
  }

  private long millis() {
    return simulation.elapsedNanos() / 1_000_000;
  }

  private long segmentsBetween(long from, long to) {
    return segments.stream().filter(at -> from <= at && at < to).count();
  }

  @Test
  @DisplayName("events gather for 50 ms, and for 250 ms until 10 s after the server was busy")
  void lingersLonger() {
    SessionLog log = process.open(SessionLog.builder(open()));
    log.create(NewSession.ofId("s"));
    objects.witness(
        new SimulatedObjects.Witness() {
          @Override
          public void stored(String key, byte[] bytes) {
            segments.add(millis());
          }
        });
    for (int i = 0; i < EVENTS; i++) {
      process.later("append", Duration.ofMillis(10L * i), () -> log.appendAsync("s", EVENT));
    }
    long begin = millis();
    process.later(
        "busy",
        Duration.ofMillis(BUSY_FROM),
        () ->
            objects.weather(
                new Weather(0, 0, 0, 0, 0, 1_000, 0, 0, 0, 0, Duration.ZERO, Duration.ZERO)));
    process.later("calm", Duration.ofMillis(BUSY_TO), () -> objects.weather(Weather.CALM));
    simulation.run();

    // In four seconds at most 80 of 50 ms, and 16 of 250 ms.
    assertThat(segmentsBetween(begin + 500, begin + 4_500)).isBetween(50L, 81L);
    assertThat(segmentsBetween(begin + 10_000, begin + 14_000)).isBetween(10L, 17L);
    assertThat(segmentsBetween(begin + 20_000, begin + 24_000)).isBetween(50L, 81L);
    assertThat(log.get("s").lastSeq()).isEqualTo(EVENTS);
  }
}
