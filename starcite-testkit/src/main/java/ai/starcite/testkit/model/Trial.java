package ai.starcite.testkit.model;

import ai.starcite.testkit.contract.StoresOfTest;
import ai.starcite.testkit.model.Outcome.Failed;
import ai.starcite.testkit.model.Outcome.Returned;
import ai.starcite.testkit.model.Outcome.Threw;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import net.jqwik.api.Shrinkable;
import org.jspecify.annotations.Nullable;

/**
 * One sequence of calls, made on a log over a store of its own and on the model at once, and
 * written down as a script.
 */
final class Trial implements AutoCloseable {
  private static final int LONGEST_OUTCOME = 400;

  /** One character many times. */
  private static final Pattern LONG_RUN = Pattern.compile("(.)\\1{63,}");

  private final Supplier<StoresOfTest> stores;
  private final Map<String, String> merged;
  private final LogModel model = new LogModel();
  private final List<Shrinkable<Operation>> performed = new ArrayList<>();
  private final List<String> script = new ArrayList<>();
  private @Nullable LiveLog live;

  Trial(Supplier<StoresOfTest> stores) {
    this(stores, Map.of());
  }

  /**
   * A sequence in which some producers are the same.
   *
   * @param merged by producer, the one that it is
   */
  Trial(Supplier<StoresOfTest> stores, Map<String, String> merged) {
    this.stores = stores;
    this.merged = merged;
  }

  /** The producer that an operation means by a name. */
  String producer(String name) {
    return merged.getOrDefault(name, name);
  }

  LogModel model() {
    return model;
  }

  /** The log under test; opened when it is first asked for. */
  LiveLog live() {
    if (live == null) {
      live = new LiveLog(stores);
    }
    return live;
  }

  /** Performs the next operation. */
  void perform(Shrinkable<Operation> operation) {
    performed.add(operation);
    operation.value().perform(this);
  }

  /** The operations so far. */
  List<Shrinkable<Operation>> performed() {
    return List.copyOf(performed);
  }

  /** The sessions there are, in the order of their creation. */
  List<String> existing() {
    return model.sessions().entrySet().stream()
        .sorted(Comparator.comparing(entry -> entry.getValue().life()))
        .map(entry -> entry.getKey())
        .toList();
  }

  /** Makes a call, which becomes a line of the script. */
  void take(Step step) {
    script.add(perform(step));
  }

  /** Makes a call that matters only if it shows that something is wrong. */
  void check(Step step) {
    perform(step);
  }

  private String perform(Step step) {
    Outcome was = Outcome.of(() -> step.call(live()));
    Outcome expected = Outcome.of(() -> step.expect(model, live()));
    String code = step.code(live(), was instanceof Returned);
    if (expected instanceof Threw mistake) {
      throw new IllegalStateException(
          "the model fails where the contract does not", mistake.what());
    }
    if (!was.equals(expected)) {
      String line = "%s // expected: %s, was: %s".formatted(code, text(expected), text(was));
      script.add(line);
      throw new ContractBroken(
          step.clause(expected),
          performed.size(),
          """
          %s: a call does not come to what the contract says.
            expected: %s
            was:      %s
          Calls that show it, for a test with a field `SessionLog log` that is opened with \
          maxProducers(%d):

          %s
          """
              .formatted(
                  step.clause(expected), text(expected), text(was), LogModel.MAX_PRODUCERS, this),
          was.thrown());
    }
    return expected instanceof Failed failed
        ? "try { %s } catch (SessionLogException e) { /* %s */ }".formatted(code, failed.code())
        : code;
  }

  private static String text(Outcome outcome) {
    String text =
        LONG_RUN
            .matcher(outcome.toString())
            .replaceAll(run -> "$1<%d times>".formatted(run.end() - run.start()));
    String shown =
        text.length() <= LONGEST_OUTCOME ? text : text.substring(0, LONGEST_OUTCOME) + "...";
    return JavaCode.escaped(shown);
  }

  @Override
  public String toString() {
    return String.join("\n", script);
  }

  @Override
  public void close() {
    if (live != null) {
      live.close();
    }
  }
}
