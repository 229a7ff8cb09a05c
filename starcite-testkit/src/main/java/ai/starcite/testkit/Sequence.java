package ai.starcite.testkit;

import java.time.Duration;
import net.jqwik.api.state.ActionChain;
import org.opentest4j.AssertionFailedError;

/** A random sequence of operations to be run. */
final class Sequence {
  /** How long a shorter sequence is looked for. */
  private static final Duration SHORTENING = Duration.ofSeconds(30);

  private final SegmentStoreContract contract;
  private final ActionChain<Trial> chain;

  Sequence(SegmentStoreContract contract, ActionChain<Trial> chain) {
    this.contract = contract;
    this.chain = chain;
  }

  /** Passes, or fails with the shortest sequence that fails in the same way. */
  void run() {
    try {
      chain.run();
    } catch (AssertionFailedError e) {
      if (!(e.getCause() instanceof ContractBroken failure)) {
        throw e;
      }
      Trial failed = chain.finalState().orElseThrow();
      throw new Shortest(contract, failed.performed(), failure, SHORTENING).find();
    } finally {
      chain.finalState().ifPresent(Trial::close);
    }
  }

  /** For jqwik's report, which comes after the message. */
  @Override
  public String toString() {
    return "the calls above";
  }
}
