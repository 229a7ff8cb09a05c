package ai.starcite.testkit;

import ai.starcite.testkit.history.Tries;
import ai.starcite.testkit.model.ContractBroken;
import java.util.Optional;
import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.PropertyAttributes;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;
import org.opentest4j.TestAbortedException;

/** Sets tries and seed of a property as the system properties have them, and tells the seed. */
final class SequenceHook implements AroundPropertyHook {
  @Override
  public PropertyExecutionResult aroundProperty(
      PropertyLifecycleContext context, PropertyExecutor property) {
    PropertyAttributes attributes = context.attributes();
    attributes.setTries(Tries.tries(attributes.tries().orElse(1)));
    Tries.seed().ifPresent(attributes::setSeed);
    Optional<TestAbortedException> skipped = skipped(context);
    if (skipped.isPresent()) {
      attributes.setTries(1);
      return property.execute().mapToAborted(skipped.get());
    }
    PropertyExecutionResult result = property.execute();
    if (result.throwable().orElse(null) instanceof ContractBroken broken) {
      String seed = result.seed().orElse("?");
      return result.mapToFailed(
          broken.with(
              "The seed is %s; with -D%s=%s the test tries the same calls again."
                  .formatted(seed, Tries.SEED, seed)));
    }
    return result;
  }

  /** A store that is not there, such as a database, may skip its tests; jqwik would fail them. */
  private static Optional<TestAbortedException> skipped(PropertyLifecycleContext context) {
    try (TestBed bed = new TestBed((SegmentStoreContract) context.testInstance())) {
      bed.open();
      return Optional.empty();
    } catch (TestAbortedException e) {
      return Optional.of(e);
    }
  }
}
