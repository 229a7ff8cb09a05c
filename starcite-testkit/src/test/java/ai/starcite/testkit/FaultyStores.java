package ai.starcite.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.spi.SegmentStore;
import ai.starcite.testkit.Faults.Kind;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The stores of one run of the contract under faults, all seeded from one number, which {@code
 * -Dstarcite.faults=N} sets.
 */
final class FaultyStores {
  private static final String SEED = "starcite.faults";

  private final long seed = Long.getLong(SEED, new SplittableRandom().nextLong());
  private final SplittableRandom seeds = new SplittableRandom(seed);
  private final Queue<FaultInjectingStore> opened = new ConcurrentLinkedQueue<>();

  FaultyStores() {
    System.out.println("faults are drawn with -D" + SEED + "=" + seed);
  }

  synchronized SegmentStore wrap(SegmentStore store) {
    FaultInjectingStore faulty =
        new FaultInjectingStore(store, Faults.masked(seeds.split().nextLong()));
    opened.add(faulty);
    return faulty;
  }

  /**
   * Asserts that each kind was injected often, so that a run without faults is not taken for one.
   */
  void assertOccurred(Kind... kinds) {
    for (Kind kind : kinds) {
      long count =
          opened.stream().map(FaultInjectingStore::injected).mapToLong(m -> m.get(kind)).sum();
      assertThat(count).as("how often %s was injected, seed %d", kind, seed).isGreaterThan(20);
    }
  }
}
