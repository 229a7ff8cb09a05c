package ai.starcite.testkit;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedClass;

import java.util.ArrayList;
import java.util.List;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** A run of tests of the kit, and which of them failed. */
final class KitRun implements TestExecutionListener {
  private final List<Failure> failures = new ArrayList<>();
  private TestPlan plan;
  private int passed;

  /** A test that failed: its name in full, and what it said. */
  record Failure(String test, String message) {}

  /** Runs those tests of a group whose name has a clause in it. */
  static KitRun of(Class<?> suite, String group, String clause) {
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(selectNestedClass(List.of(suite), group(suite, group)))
            .filters(EngineFilter.includeEngines("junit-jupiter"), naming(clause))
            .build();
    KitRun run = new KitRun();
    LauncherFactory.create().execute(request, run);
    return run;
  }

  private static Class<?> group(Class<?> suite, String name) {
    for (Class<?> outer = suite; outer != null; outer = outer.getSuperclass()) {
      for (Class<?> each : outer.getDeclaredClasses()) {
        if (each.getSimpleName().equals(name)) {
          return each;
        }
      }
    }
    throw new AssertionError(suite + " has no group " + name);
  }

  private static PostDiscoveryFilter naming(String clause) {
    return test ->
        FilterResult.includedIf(test.isContainer() && !isTemplate(test) || names(test, clause));
  }

  /** Whether this is a test that runs once for each of its parameters. */
  private static boolean isTemplate(TestDescriptor test) {
    return test.mayRegisterTests();
  }

  private static boolean names(TestDescriptor test, String clause) {
    return test.getDisplayName().contains(clause);
  }

  @Override
  public void testPlanExecutionStarted(TestPlan started) {
    plan = started;
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    if (result.getStatus() == Status.FAILED) {
      String name = test.getDisplayName();
      if (name.startsWith("[")) {
        name = plan.getParent(test).orElseThrow().getDisplayName() + " " + name;
      }
      failures.add(new Failure(name, result.getThrowable().map(Throwable::getMessage).orElse("")));
    } else if (test.isTest() && result.getStatus() == Status.SUCCESSFUL) {
      passed++;
    }
  }

  List<Failure> failures() {
    return failures;
  }

  int passed() {
    return passed;
  }
}
