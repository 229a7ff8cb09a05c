package ai.starcite.testkit.contract;

import ai.starcite.SessionLog;
import ai.starcite.spi.SegmentStore;
import org.junit.jupiter.api.Nested;

/**
 * The clauses of a log in which the store it is opened on makes a difference: a shared one, which
 * the log reads again before it decides, or one with faults, which the log hides.
 */
public abstract class LogSuite {

  /** Opens the store of one test. */
  protected abstract SegmentStore openStore();

  /** Wraps each log that a test opens. */
  protected SessionLog wrap(SessionLog log) {
    return log;
  }

  @Nested
  class Appends extends AppendTest {}

  @Nested
  class Batches extends BatchTest {}

  @Nested
  class Retries extends RetryTest {}

  @Nested
  class Producers extends ProducerTest {}

  @Nested
  class ProducerStorms extends ProducerStormTest {}

  @Nested
  class Creating extends SessionCreateTest {}

  @Nested
  class Updating extends SessionUpdateTest {}

  @Nested
  class Listing extends SessionListTest {}

  @Nested
  class Deleting extends SessionDeleteTest {}

  @Nested
  class Sealing extends SessionSealTest {}

  @Nested
  class Events extends EventTest {}

  @Nested
  class Tails extends TailTest {}

  @Nested
  class TailStarts extends TailStartTest {}

  @Nested
  class TailFilters extends TailFilterTest {}

  @Nested
  class TailWaits extends TailWaitTest {}

  @Nested
  class TailCloses extends TailCloseTest {}

  @Nested
  class TailEnds extends TailEndTest {}

  @Nested
  class TailPushes extends TailPushTest {}

  @Nested
  class TailPublishers extends TailPublisherTest {}

  @Nested
  class TailHandoffs extends TailHandoffTest {}

  @Nested
  class TailCosts extends TailCostTest {}

  @Nested
  class Errors extends ErrorTest {}

  @Nested
  class Interrupts extends InterruptTest {}

  @Nested
  class Closing extends CloseTest {}

  @Nested
  class CloseRaces extends CloseRaceTest {}

  @Nested
  class Corruption extends CorruptionTest {}

  @Nested
  class AppendRaces extends AppendRaceTest {}

  @Nested
  class LateRetries extends LateRetryTest {}

  @Nested
  class Payloads extends PayloadTest {}
}
