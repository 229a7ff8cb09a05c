package ai.starcite.testkit;

import ai.starcite.testkit.contract.AppendClauses;
import ai.starcite.testkit.contract.BatchClauses;
import ai.starcite.testkit.contract.CloseClauses;
import ai.starcite.testkit.contract.HistoryClauses;
import ai.starcite.testkit.contract.OldRetryClauses;
import ai.starcite.testkit.contract.PayloadClauses;
import ai.starcite.testkit.contract.RetryClauses;
import ai.starcite.testkit.contract.SessionCreateClauses;
import ai.starcite.testkit.contract.SessionDeleteClauses;
import ai.starcite.testkit.contract.SessionIdClauses;
import ai.starcite.testkit.contract.SessionListClauses;
import ai.starcite.testkit.contract.SessionSealClauses;
import ai.starcite.testkit.contract.SessionUpdateClauses;
import ai.starcite.testkit.contract.TailClauses;
import ai.starcite.testkit.contract.TailStartClauses;
import ai.starcite.testkit.contract.TwoLogsClauses;
import ai.starcite.testkit.history.Tries;
import ai.starcite.testkit.model.Sequence;
import net.jqwik.api.AfterFailureMode;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import org.junit.jupiter.api.Nested;

/**
 * Tests all that a store can break: first the promises of the store SPI, then clauses of the
 * contract, through a {@link ai.starcite.SessionLog} over the store. The author of a store extends
 * this class and overrides {@link #openStore}; see {@link SegmentStoreContract}.
 *
 * <p>Each test is named after the clause that it checks. System properties set how much the random
 * tests try; see {@link Tries}.
 *
 * <p>One of them is a jqwik property: random sequences of calls are compared, call by call, with a
 * model of the contract. It fails with the clause that broke, the shortest such sequence as lines
 * of Java, and its seed. Both engines, {@code junit-jupiter} and {@code jqwik}, must run, one after
 * the other. A server that the store needs starts with the first {@link #openStore} and stops with
 * the process, because jqwik ignores {@code @BeforeAll} and {@code @AfterAll}. jqwik remembers
 * failures in a file {@code .jqwik-database} in the working directory, and tries them first the
 * next time; its parameter {@code jqwik.database}, as a system property or in {@code
 * junit-platform.properties}, sets another path.
 */
public abstract class SessionLogContract extends SegmentStoreContract {

  /** For subclasses. */
  protected SessionLogContract() {}

  @Property(
      tries = 120,
      edgeCases = EdgeCasesMode.NONE,
      generation = GenerationMode.RANDOMIZED,
      shrinking = ShrinkingMode.OFF,
      afterFailure = AfterFailureMode.PREVIOUS_SEED)
  @AddLifecycleHook(SequenceHook.class)
  @Label("SES, EVT, APP, TAIL: any sequence of calls returns what the contract says")
  void sequences(@ForAll("sequences") Sequence sequence) {
    sequence.run();
  }

  @Provide
  Arbitrary<Sequence> sequences() {
    try (TestBed bed = new TestBed(this)) {
      return Sequence.arbitrary(() -> new TestBed(this), bed.has(Capability.CRASH));
    }
  }

  @Nested
  class Creating extends SessionCreateClauses {}

  @Nested
  class Ids extends SessionIdClauses {}

  @Nested
  class Updating extends SessionUpdateClauses {}

  @Nested
  class Listing extends SessionListClauses {}

  @Nested
  class Deleting extends SessionDeleteClauses {}

  @Nested
  class Sealing extends SessionSealClauses {}

  @Nested
  class Payloads extends PayloadClauses {}

  @Nested
  class Appends extends AppendClauses {}

  @Nested
  class Batches extends BatchClauses {}

  @Nested
  class Retries extends RetryClauses {}

  @Nested
  class OldRetries extends OldRetryClauses {}

  @Nested
  class Histories extends HistoryClauses {}

  @Nested
  class Tails extends TailClauses {}

  @Nested
  class TailStarts extends TailStartClauses {}

  @Nested
  class TwoLogs extends TwoLogsClauses {}

  @Nested
  class Closing extends CloseClauses {}
}
