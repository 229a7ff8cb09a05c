package ai.starcite.store.s3.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.SessionLog;
import ai.starcite.Tail;
import ai.starcite.TailOptions;
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

/**
 * What a session costs that nobody uses, beside the maintenance of its bucket, which is off here.
 */
class IdleSessionTest {
  private final Simulation simulation = new Simulation(1);
  private final SimulatedObjects objects = new SimulatedObjects(simulation, Weather.CALM);
  private final List<String> read = new ArrayList<>();

  private SessionLog open(SimulatedProcess process) {
    S3SegmentStore store =
        Stores.over(
            objects.reach(process, () -> {}),
            S3Settings.DEFAULT.withMaintains(false),
            new ProtocolFactory(),
            new Environment(process.scheduler(), simulation.random(), simulation::elapsedNanos),
            new NoHints());
    return process.open(SessionLog.builder(store));
  }

  @Test
  @DisplayName("SHR-4: a session that nobody uses costs no request, and survives its processes")
  void idle() {
    SimulatedProcess first = simulation.startProcess("first");
    SessionLog log = open(first);
    log.create(NewSession.ofId("s"));
    log.append("s", NewEvent.of("greeting", Json.parse("{}")));
    int before = objects.transcript().size();
    first.later("counts", Duration.ofDays(3), () -> read.add("requests " + requestsSince(before)));
    simulation.run();
    first.crash();

    SimulatedProcess second = simulation.startProcess("second");
    SessionLog survivor = open(second);
    second.run(
        () -> {
          try (Tail tail = survivor.tail("s", TailOptions.from(0).withoutFollowing())) {
            tail.forEachRemaining(event -> read.add(describe(event)));
          }
        });
    simulation.run();
    assertThat(read).containsExactly("requests 0", "1 greeting");
  }

  private int requestsSince(int before) {
    return objects.transcript().size() - before;
  }

  private static String describe(Event event) {
    return event.seq() + " " + event.type();
  }
}
