package ai.starcite.testkit;

import ai.starcite.SessionLog;
import ai.starcite.SessionLogBuilder;
import ai.starcite.spi.SegmentStore;
import ai.starcite.spi.StoreCapabilities;
import ai.starcite.spi.StoreCapabilities.Durability;
import ai.starcite.testkit.contract.StoreAppendClauses;
import ai.starcite.testkit.contract.StoreListClauses;
import ai.starcite.testkit.contract.StoreRaceClauses;
import ai.starcite.testkit.contract.StoreReadClauses;
import ai.starcite.testkit.contract.StoreSessionClauses;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestClassOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The promises of the store SPI, as tests. The author of a store extends this class, or better
 * {@link SessionLogContract}, which has all of these tests too, and overrides {@link #openStore}:
 *
 * <pre>{@code
 * class MyStoreTest extends SessionLogContract {
 *   protected SegmentStore openStore(Namespace namespace) {
 *     return MyStore.open(namespace.directory());
 *   }
 * }
 * }</pre>
 *
 * <p>Each test is named after the promise that it checks. A test that does not apply to the store
 * is skipped, with the reason.
 */
@ExtendWith(Binding.class)
@TestClassOrder(ClassOrderer.OrderAnnotation.class)
public abstract class SegmentStoreContract {

  /** For subclasses. */
  protected SegmentStoreContract() {}

  /**
   * Opens the store on a namespace. The first time that one is given, it is empty. When it is given
   * again, the store has what was stored there; where the store is shared, one that was opened
   * before may still be open. A store whose durability is {@code NONE} is opened once.
   *
   * @param namespace where to store; it gives a unique name and a directory
   * @return an open store, which the kit closes
   */
  protected abstract SegmentStore openStore(Namespace namespace);

  /**
   * What is expected of the store: by default, all that follows from what it says of itself. Return
   * less, and what needs the rest is skipped.
   *
   * @param declared what the store says of itself
   * @return what is tested
   */
  protected Set<Capability> capabilities(StoreCapabilities declared) {
    Set<Capability> expected = EnumSet.noneOf(Capability.class);
    if (declared.durability() != Durability.NONE) {
      expected.add(Capability.REOPEN);
      expected.add(Capability.CRASH);
    }
    if (declared.shared()) {
      expected.add(Capability.SHARED);
    }
    return expected;
  }

  /**
   * Ends a running store as the death of its process would, and opens a store on what is left. By
   * default the running store is left alone, and another one is opened on the same namespace: that
   * is right for stores that can be open twice. A store that keeps files under a lock overrides it
   * with {@link Namespace#continueOnCopy}.
   *
   * @param running the store that was opened last; no call is under way, and it is closed later
   * @param namespace where it stores
   * @return an open store, on the same namespace
   */
  protected SegmentStore crash(SegmentStore running, Namespace namespace) {
    return openStore(namespace);
  }

  /**
   * Removes what a test has left in a namespace, after all its stores were closed. Override it for
   * a database or a bucket that outlives the test; the directory is removed anyway. Called for
   * every test, also one that opened no store, such as one that was skipped.
   *
   * @param namespace the namespace of a test that is over
   */
  protected void remove(Namespace namespace) {}

  /**
   * The order in which the store lists ids: by their UTF-8 bytes, unless it has another stable
   * total order and says so here.
   *
   * @param a an id
   * @param b another
   * @return negative, zero or positive, as of a comparator
   */
  protected int compareIds(String a, String b) {
    return Arrays.compareUnsigned(
        a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
  }

  /** Opens a log over a store. The kit's own tests put faulty logs here. */
  SessionLog openLog(SessionLogBuilder settings) {
    return settings.open();
  }

  /**
   * Says whether the store injects faults, so that what cannot hold there is skipped, with the
   * reason, and a call may have an unknown outcome where another one interferes. It need not be
   * overridden where {@link #openStore} returns a {@link FaultInjectingStore}, which is seen.
   *
   * @return false by default
   */
  protected boolean faulty() {
    return false;
  }

  @Nested
  @Order(1)
  class StoreSessions extends StoreSessionClauses {}

  @Nested
  @Order(4)
  class StoreListing extends StoreListClauses {}

  @Nested
  @Order(2)
  class StoreAppends extends StoreAppendClauses {}

  @Nested
  @Order(3)
  class StoreReads extends StoreReadClauses {}

  @Nested
  @Order(5)
  class StoreRaces extends StoreRaceClauses {}
}
