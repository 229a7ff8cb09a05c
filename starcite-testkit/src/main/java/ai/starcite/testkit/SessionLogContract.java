package ai.starcite.testkit;

import org.junit.jupiter.api.Nested;

/**
 * The whole kit: the promises of the store SPI, and the clauses of the contract, kept through a
 * {@link ai.starcite.SessionLog} over the store. The author of a store extends this class and
 * overrides {@link #openStore}; see {@link SegmentStoreContract}.
 *
 * <p>Each test is named after the clause that it checks. How much the random tests try is set by
 * system properties; see {@link Tries}.
 */
public abstract class SessionLogContract extends SegmentStoreContract {

  /** For subclasses. */
  protected SessionLogContract() {}

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
  class Events extends EventClauses {}

  @Nested
  class Payloads extends PayloadClauses {}

  @Nested
  class Vocabulary extends VocabularyClauses {}

  @Nested
  class EventLimits extends EventLimitsClauses {}

  @Nested
  class Appends extends AppendClauses {}

  @Nested
  class Batches extends BatchClauses {}

  @Nested
  class Retries extends RetryClauses {}

  @Nested
  class OldRetries extends OldRetryClauses {}

  @Nested
  class Producers extends ProducerClauses {}

  @Nested
  class AppendRaces extends AppendRaceClauses {}

  @Nested
  class Histories extends HistoryClauses {}

  @Nested
  class Tails extends TailClauses {}

  @Nested
  class TailStarts extends TailStartClauses {}

  @Nested
  class TailFilters extends TailFilterClauses {}

  @Nested
  class TailWaits extends TailWaitClauses {}

  @Nested
  class TailCloses extends TailCloseClauses {}

  @Nested
  class TailEnds extends TailEndClauses {}

  @Nested
  class TailHandoffs extends TailHandoffClauses {}

  @Nested
  class TailCosts extends TailCostClauses {}

  @Nested
  class TwoLogs extends TwoLogsClauses {}

  @Nested
  class Errors extends ErrorClauses {}

  @Nested
  class Corruption extends CorruptionClauses {}

  @Nested
  class BadInput extends BadInputClauses {}

  @Nested
  class NullArguments extends NullArgumentClauses {}

  @Nested
  class Interrupts extends InterruptClauses {}

  @Nested
  class Closing extends CloseClauses {}

  @Nested
  class CloseRaces extends CloseRaceClauses {}
}
