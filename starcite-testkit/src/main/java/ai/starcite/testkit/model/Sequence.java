package ai.starcite.testkit.model;

import ai.starcite.testkit.contract.StoresOfTest;
import java.time.Duration;
import java.util.function.Supplier;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.state.ActionChain;
import org.opentest4j.AssertionFailedError;

/** A random sequence of operations to be run. */
public final class Sequence {
  /** How long a shorter sequence is looked for. */
  private static final Duration SHORTENING = Duration.ofSeconds(30);

  private final Supplier<StoresOfTest> stores;
  private final ActionChain<Trial> chain;

  Sequence(Supplier<StoresOfTest> stores, ActionChain<Trial> chain) {
    this.stores = stores;
    this.chain = chain;
  }

  /**
   * Returns random sequences, each on stores of its own.
   *
   * @param stores makes the stores of one sequence
   * @param crashes whether the stores can crash
   * @return the sequences
   */
  public static Arbitrary<Sequence> arbitrary(Supplier<StoresOfTest> stores, boolean crashes) {
    return Operations.sequences(stores, crashes).map(chain -> new Sequence(stores, chain));
  }

  /** Passes, or fails with the shortest sequence that fails in the same way. */
  public void run() {
    try {
      chain.run();
    } catch (AssertionFailedError e) {
      if (!(e.getCause() instanceof ContractBroken failure)) {
        throw e;
      }
      Trial failed = chain.finalState().orElseThrow();
      throw new Shortest(stores, failed.performed(), failure, SHORTENING).find();
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
