package ai.starcite.testkit.model;

import ai.starcite.TailOptions;
import ai.starcite.testkit.model.TailSteps.Open;
import ai.starcite.testkit.model.TailSteps.Poll;
import ai.starcite.testkit.model.TailSteps.Resume;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Random tails: opened anywhere, read in pieces, resumed, and closed. */
final class TailOperations {
  private TailOperations() {}

  /** From a cursor that is seldom too large. */
  static Arbitrary<Operation> opens() {
    return Combinators.combine(
            Operations.picks(), Arbitraries.integers().between(0, 99), filters(), bounds())
        .as(
            (pick, cursor, filter, bound) ->
                Operation.withSession(
                    pick,
                    (trial, id) -> {
                      SessionModel session = trial.model().sessions().get(id);
                      long lastSeq = session == null ? 0 : session.events().lastSeq();
                      long from =
                          cursor < 50 ? 0 : cursor < 98 ? cursor % (lastSeq + 1) : lastSeq + 1;
                      trial.take(new Open(id, bound.apply(filter.apply(TailOptions.from(from)))));
                    }));
  }

  private static Arbitrary<Function<TailOptions, TailOptions>> filters() {
    return Arbitraries.frequency(
        Tuple.of(4, options -> options),
        Tuple.of(1, options -> options.withTypes("t")),
        Tuple.of(1, options -> options.withAgents("x")),
        Tuple.of(1, options -> options.withProducers("p1", "p2")),
        Tuple.of(1, options -> options.withActors("user:u", "nobody").withTypes("t")));
  }

  private static Arbitrary<Function<TailOptions, TailOptions>> bounds() {
    return Arbitraries.frequency(
        Tuple.of(4, options -> options),
        Tuple.of(2, TailOptions::withoutFollowing),
        Tuple.of(1, options -> options.withLimit(1)),
        Tuple.of(1, options -> options.withLimit(3)),
        Tuple.of(1, options -> options.withLimit(2).withoutFollowing()));
  }

  static Arbitrary<Operation> polls() {
    return Combinators.combine(tails(), Arbitraries.integers().between(1, 6))
        .as(
            (pick, times) ->
                on(
                    pick,
                    (trial, tail) -> {
                      for (int i = 0; i < times; i++) {
                        trial.take(new Poll(tail, trial.model().tails().get(tail).isFiltered()));
                      }
                    }));
  }

  static Arbitrary<Operation> resumes() {
    return Combinators.combine(tails(), Arbitraries.of(true, false))
        .as(
            (pick, sameLife) ->
                on(
                    pick,
                    (trial, tail) -> {
                      String id = trial.model().tails().get(tail).session().view().id();
                      trial.take(new Resume(tail, id, sameLife));
                    }));
  }

  static Arbitrary<Operation> closes() {
    return tails().map(pick -> on(pick, (trial, tail) -> trial.take(TailSteps.close(tail))));
  }

  /** Which tail is meant, counted from the one that was opened last. */
  private static Arbitrary<Integer> tails() {
    return Arbitraries.frequency(
        Tuple.of(4, 0), Tuple.of(2, 1), Tuple.of(1, 2), Tuple.of(1, 3), Tuple.of(1, 4));
  }

  /** What is done with a tail. */
  @FunctionalInterface
  private interface Use {
    void of(Trial trial, int tail);
  }

  /** Where there is no tail, one is opened first. */
  private static Operation on(int pick, Use use) {
    return trial -> {
      int tails = trial.model().tails().size();
      if (tails > 0) {
        use.of(trial, tails - 1 - pick % tails);
      } else {
        Operation.on(0, id -> new Open(id, TailOptions.from(0))).perform(trial);
      }
    };
  }
}
