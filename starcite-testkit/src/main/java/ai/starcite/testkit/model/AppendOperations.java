package ai.starcite.testkit.model;

import ai.starcite.AppendOptions;
import ai.starcite.NewEvent;
import ai.starcite.testkit.model.Operations.Expectation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Random appends: single events and batches, new ones, retries and mistakes. */
final class AppendOperations {
  private AppendOperations() {}

  static Arbitrary<Operation> appends() {
    Arbitrary<EventIntent> events = EventIntent.intents();
    Arbitrary<List<EventIntent>> batches =
        Arbitraries.frequencyOf(
            Tuple.of(7, events.list().ofSize(1)),
            Tuple.of(3, events.list().ofMinSize(1).ofMaxSize(5)));
    Arbitrary<Expectation> expectations =
        Arbitraries.frequency(
            Tuple.of(12, Expectation.NOTHING),
            Tuple.of(3, Expectation.RIGHT),
            Tuple.of(1, Expectation.WRONG));
    Arbitrary<Boolean> seals = Arbitraries.frequency(Tuple.of(40, false), Tuple.of(1, true));
    return Combinators.combine(Operations.picks(), batches, expectations, seals)
        .as(
            (pick, batch, expectation, seal) ->
                Operation.withSession(
                    pick, (trial, id) -> append(trial, id, batch, expectation, seal)));
  }

  private static void append(
      Trial trial, String id, List<EventIntent> batch, Expectation expectation, boolean seal) {
    SessionModel session = trial.model().sessions().get(id);
    AppendModel before =
        session == null ? new AppendModel(LogModel.MAX_PRODUCERS) : session.events();
    Map<String, Long> last = new HashMap<>();
    List<NewEvent> events =
        batch.stream()
            .map(intent -> intent.by(trial.producer(intent.producerId())))
            .map(intent -> intent.resolve(before, last))
            .toList();
    AppendOptions options =
        switch (expectation) {
          case NOTHING -> AppendOptions.defaults();
          case RIGHT -> AppendOptions.defaults().withExpectedSeq(before.lastSeq());
          case WRONG -> AppendOptions.defaults().withExpectedSeq(before.lastSeq() + 1);
        };
    trial.take(new AppendStep(id, events, seal ? options.withSeal() : options));
    if (session != null) {
      trial.check(SessionSteps.get(id, seal ? "SES-8" : "APP-2"));
      trial.check(TailSteps.readAll(id, "EVT-2"));
    }
  }
}
