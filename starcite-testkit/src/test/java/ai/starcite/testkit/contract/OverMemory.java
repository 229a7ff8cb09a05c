package ai.starcite.testkit.contract;

import ai.starcite.store.memory.MemorySegmentStore;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Runs the clauses of a log over the memory store, or over the one of the suite in which they are
 * nested. They test the log and no store, so the authors of stores need not run them.
 */
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(OverMemory.Binding.class)
@interface OverMemory {

  /** Gives each test its store. */
  final class Binding implements BeforeEachCallback {
    @Override
    public void beforeEach(ExtensionContext context) {
      Optional<LogSuite> suite = context.getRequiredTestInstances().findInstance(LogSuite.class);
      StoreFixture test = (StoreFixture) context.getRequiredTestInstance();
      test.bind(
          suite.isPresent()
              ? new OneStore(suite.get().openStore(), suite.get()::wrap)
              : new OneStore(MemorySegmentStore.open(), UnaryOperator.identity()));
    }
  }
}
