package ai.starcite.store.s3.internal.protocol;

import ai.starcite.spi.SessionKey;
import ai.starcite.store.s3.S3Notifier;
import ai.starcite.testkit.sim.SimulatedProcess;
import ai.starcite.testkit.sim.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Hints between the processes of a {@link Simulation}, delivered as badly as possible: late, twice,
 * never, for another session, and to subscribers that have left.
 */
final class SimulatedHints {
  private final RandomGenerator random;
  private final Duration latest;
  private final List<Subscription> subscriptions = new ArrayList<>();

  private record Subscription(SimulatedProcess process, SessionKey session, Runnable hint) {}

  SimulatedHints(RandomGenerator random, Duration latest) {
    this.random = random;
    this.latest = latest;
  }

  /** Returns the notifier of a process. */
  S3Notifier reach(SimulatedProcess process) {
    return new S3Notifier() {
      @Override
      public void changed(SessionKey session) {
        for (Subscription each : subscriptions) {
          if (each.session.equals(session) || random.nextInt(10) == 0) {
            carry(each);
          }
        }
      }

      @Override
      public Runnable subscribe(SessionKey session, Runnable hint) {
        Subscription made = new Subscription(process, session, hint);
        subscriptions.add(made);
        return () -> {
          if (random.nextBoolean()) {
            subscriptions.remove(made);
          }
        };
      }
    };
  }

  private void carry(Subscription to) {
    for (int copies = random.nextInt(3); copies > 0; copies--) {
      long longest = random.nextInt(8) == 0 ? latest.toNanos() : 20_000_000;
      to.process.later("hint", Duration.ofNanos(random.nextLong(longest)), to.hint);
    }
  }
}
