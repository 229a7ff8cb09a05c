package ai.starcite.testkit;

import ai.starcite.testkit.contract.StoreFixture;
import java.util.Optional;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestInstances;

/** Gives the tests of a group the contract that the group is nested in, which opens the stores. */
final class Binding implements BeforeEachCallback {
  @Override
  public void beforeEach(ExtensionContext context) {
    TestInstances instances = context.getRequiredTestInstances();
    Optional<SegmentStoreContract> contract = instances.findInstance(SegmentStoreContract.class);
    if (context.getRequiredTestInstance() instanceof StoreFixture fixture && contract.isPresent()) {
      fixture.bind(new TestBed(contract.get()));
    }
  }
}
