package ai.starcite.testkit.model;

import ai.starcite.Json;
import ai.starcite.NewSession;
import ai.starcite.SessionQuery;
import ai.starcite.SessionQuery.Visibility;
import ai.starcite.SessionUpdate;
import ai.starcite.testkit.contract.StoresOfTest;
import ai.starcite.testkit.model.SessionSteps.Create;
import java.util.List;
import java.util.function.Supplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.Shrinkable;
import net.jqwik.api.Tuple;
import net.jqwik.api.state.Action;
import net.jqwik.api.state.ActionChain;
import net.jqwik.api.state.ActionChainArbitrary;
import net.jqwik.api.state.Transformer;

/** Random sequences of all that can be done to a log; appends and tails are told elsewhere. */
final class Operations {
  private static final int LENGTH = 50;

  /** What jqwik takes where it is not told. */
  private static final int GEN_SIZE = 1_000;

  private Operations() {}

  /** Sequences of operations on a log over the store of a contract. */
  static ActionChainArbitrary<Trial> sequences(Supplier<StoresOfTest> stores, boolean crashes) {
    return ActionChain.<Trial>startWith(() -> new Trial(stores))
        .withAction(30, action(AppendOperations.appends()))
        .withAction(8, action(creates()))
        .withAction(4, action(updates()))
        .withAction(3, action(archives()))
        .withAction(1, action(picks().map(pick -> Operation.changing(pick, SessionSteps::seal))))
        .withAction(2, action(picks().map(pick -> Operation.changing(pick, SessionSteps::delete))))
        .withAction(
            1, action(picks().map(pick -> Operation.on(pick, id -> SessionSteps.get(id, "SES-3")))))
        .withAction(3, action(positions()))
        .withAction(4, action(lists()))
        .withAction(1, action(Arbitraries.just(Operation.restart(false))))
        .withAction(1, action(Arbitraries.just(Operation.restart(crashes))))
        .withAction(7, action(TailOperations.opens()))
        .withAction(14, action(TailOperations.polls()))
        .withAction(3, action(TailOperations.resumes()))
        .withAction(2, action(TailOperations.closes()))
        .withMaxTransformations(LENGTH);
  }

  /** None depends on what was done before, so that any of them can be left out. */
  private static Action.Independent<Trial> action(Arbitrary<Operation> operations) {
    RandomGenerator<Operation> generator = operations.generator(GEN_SIZE);
    // Not to be shrunk by jqwik's chains, which is slow, but by Shortest.
    Arbitrary<Transformer<Trial>> transformers =
        Arbitraries.fromGenerator(
            random -> Shrinkable.unshrinkable(transformer(generator.next(random))));
    return () -> transformers;
  }

  private static Transformer<Trial> transformer(Shrinkable<Operation> operation) {
    return Transformer.mutate("an operation", trial -> trial.perform(operation));
  }

  /** Which session is meant; see {@link Operation#on}. */
  static Arbitrary<Integer> picks() {
    return Arbitraries.integers().between(0, 99);
  }

  private static Arbitrary<Operation> creates() {
    // Shrinks to an id that is given, since it makes a plainer script than one that is made.
    Arbitrary<NewSession> ids =
        Arbitraries.frequencyOf(
            Tuple.of(9, Arbitraries.of(Operation.IDS).map(NewSession::ofId)),
            Tuple.of(1, Arbitraries.just(NewSession.defaults())));
    Arbitrary<NewSession> sessions =
        Combinators.combine(ids, titles().optional(0.3), metadata())
            .as(
                (session, title, metadata) ->
                    title.map(session::withTitle).orElse(session).withMetadata(metadata));
    return Combinators.combine(sessions, Arbitraries.of(false, false, true))
        .as(
            (session, ifAbsent) ->
                trial ->
                    trial.take(
                        ifAbsent && session.id().isPresent()
                            ? SessionSteps.createIfAbsent(session)
                            : new Create(session)));
  }

  private static Arbitrary<Operation> updates() {
    Arbitrary<SessionUpdate> updates =
        Combinators.combine(titles().optional(0.5), metadata().optional(0.7))
            .as(
                (title, metadata) -> {
                  SessionUpdate update = SessionUpdate.defaults();
                  update = title.map(update::withTitle).orElse(update);
                  return metadata.map(update::withMetadata).orElse(update);
                });
    return Combinators.combine(picks(), updates, Arbitraries.of(Expectation.class))
        .as(
            (pick, update, expectation) ->
                Operation.withSession(
                    pick,
                    (trial, id) -> {
                      SessionModel session = trial.model().sessions().get(id);
                      long version = session == null ? 1 : session.version();
                      SessionUpdate full =
                          switch (expectation) {
                            case NOTHING -> update;
                            case RIGHT -> update.withExpectedVersion(version);
                            case WRONG -> update.withExpectedVersion(version + 1);
                          };
                      Operation.changing(pick, same -> SessionSteps.update(same, full))
                          .perform(trial);
                    }));
  }

  /** Whether a call names the number that it meets. */
  enum Expectation {
    NOTHING,
    RIGHT,
    WRONG
  }

  private static Arbitrary<String> titles() {
    return Arbitraries.of("", "T", "\uD83D\uDE00", "two\nlines", "x".repeat(1_024));
  }

  private static Arbitrary<Json> metadata() {
    return Arbitraries.of(
            "{}",
            "{\"k\":1}",
            "{\"k\":null}",
            "{\"k\":1.0,\"l\":\"v\"}",
            "{\"l\":null,\"\":{\"n\":null}}",
            "{\"l\":[1e999]}")
        .map(Json::parse);
  }

  private static Arbitrary<Operation> archives() {
    return Combinators.combine(picks(), Arbitraries.of(true, true, false))
        .as((pick, archived) -> Operation.changing(pick, id -> SessionSteps.archive(id, archived)));
  }

  private static Arbitrary<Operation> positions() {
    return Combinators.combine(picks(), Arbitraries.of(EventIntent.PRODUCERS))
        .as(
            (pick, producer) ->
                Operation.withSession(
                    pick,
                    (trial, id) ->
                        trial.take(SessionSteps.position(id, trial.producer(producer)))));
  }

  private static Arbitrary<Operation> lists() {
    Arbitrary<SessionQuery> queries =
        Combinators.combine(
                Arbitraries.of(100, 1, 2, 3),
                Arbitraries.frequency(
                    Tuple.of(6, ""), Tuple.of(1, "a"), Tuple.of(1, "\uD83D\uDE00")),
                Arbitraries.of(Visibility.class),
                Arbitraries.of(
                    SessionQuery.active(),
                    SessionQuery.active().withMetadata("k", Json.parse("1"))))
            .as(
                (limit, prefix, visibility, query) ->
                    query.withLimit(limit).withPrefix(prefix).withVisibility(visibility));
    return Combinators.combine(queries, picks())
        .as(
            (query, pick) ->
                trial -> {
                  List<String> existing = trial.existing();
                  boolean fromStart = pick < 50 || existing.isEmpty();
                  trial.take(
                      new ListStep(
                          fromStart
                              ? query
                              : query.withAfter(existing.get(pick % existing.size()))));
                });
  }
}
