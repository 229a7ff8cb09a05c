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
 * Tests the promises of the store SPI. The author of a store extends this class, or better {@link
 * SessionLogContract}, which contains these tests, and overrides {@link #openStore}:
 *
 * <pre>{@code
 * class MyStoreTest extends SessionLogContract {
 *   protected SegmentStore openStore(Namespace namespace) {
 *     return MyStore.open(namespace.directory());
 *   }
 * }
 * }</pre>
 *
 * <p>Each test is named after the promise that it checks. The groups run in the order sessions,
 * appends, reads, lists, races, so that the first failure is the simplest. A test that does not
 * apply to the store is skipped, with the reason.
 */
@ExtendWith(Binding.class)
@TestClassOrder(ClassOrderer.OrderAnnotation.class)
public abstract class SegmentStoreContract {

  /** For subclasses. */
  protected SegmentStoreContract() {}

  /**
   * Opens the store on a namespace. The first time, the namespace is empty. When the same one is
   * given again, the store must have what was stored there; if the store is shared, one that was
   * opened before may still be open. A store whose durability is {@code NONE} is opened once.
   *
   * @param namespace where to store; it has a unique name and a directory
   * @return an open store, which the kit closes
   */
  protected abstract SegmentStore openStore(Namespace namespace);

  /**
   * Returns what is expected of the store: by default, all that follows from what it declares.
   * Return less, and the tests that need the rest are skipped.
   *
   * @param declared what the store declares
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
   * Removes what a test has left in a namespace, after all its stores are closed. Override it for a
   * database or a bucket that outlives the test; the directory is removed anyway. It is called
   * after every test, even if the test opened no store, for example because it was skipped.
   *
   * @param namespace the namespace of the test
   */
  protected void remove(Namespace namespace) {}

  /**
   * Compares two ids in the order in which the store lists them: by their UTF-8 bytes, unless a
   * store with another stable total order overrides this.
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
   * Returns whether the store injects faults. Tests that cannot hold then are skipped, with the
   * reason, and a call may have an unknown outcome if another one interferes. Override it only if
   * {@link #openStore} wraps a {@link FaultInjectingStore} in a store of its own.
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
