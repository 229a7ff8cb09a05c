package ai.starcite.store.s3.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.store.s3.internal.protocol.Trial.Result;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each rule of the protocol is needed, and {@link S3ProtocolTest} would notice if it were broken:
 * then a promise is broken within a bounded number of seeds.
 */
class S3MutationTest {
  private static final int SEEDS = 1_500;
  private static final int LINES = 12;

  private record Found(Profile profile, int seed, Result result) {}

  @ParameterizedTest
  @EnumSource
  @DisplayName("SHR-2: without this rule a promise is broken")
  void isNeeded(Rule rule) {
    hunt(
        rule.toString(),
        profiles(rule),
        (seed, profile) -> Trial.run(seed, profile, Mutants.without(rule)));
  }

  @Test
  @DisplayName("SHR-2: if what lost its place is sent again as it was, a promise is broken")
  void secondDecisionIsNeeded() {
    hunt("the second decision", List.of(Profile.LOG), Trial::runUndecided);
  }

  @ParameterizedTest
  @EnumSource(names = {"CHECK_STORED", "CHECK_GENERATION", "NUMBERED_LIVES"})
  @DisplayName("SHR-2, SES-4: without this rule, answers of whole logs contradict each other")
  void isMissedInLogs(Rule rule) {
    Optional<String> first =
        IntStream.rangeClosed(1, SEEDS)
            .mapToObj(seed -> contradiction(seed, Mutants.without(rule)))
            .flatMap(Optional::stream)
            .findFirst();
    assertThat(first).as("a seed with a contradiction without %s", rule).isPresent();
    System.out.printf("%s: without it, whole logs: %s%n%n", rule, first.get());
  }

  private static Optional<String> contradiction(int seed, ProtocolFactory factory) {
    try {
      new LogTrial(seed, factory).play();
      return Optional.empty();
    } catch (RuntimeException | AssertionError e) {
      return Optional.of("seed " + seed + ": " + e.getMessage().lines().findFirst().orElse(""));
    }
  }

  private static void hunt(
      String rule, List<Profile> profiles, BiFunction<Integer, Profile, Result> run) {
    Optional<Found> first =
        IntStream.rangeClosed(1, SEEDS)
            .boxed()
            .flatMap(seed -> profiles.stream().map(p -> new Found(p, seed, run.apply(seed, p))))
            .filter(trial -> trial.result().violation().isPresent())
            .findFirst();
    assertThat(first).as("a seed that breaks a promise without %s", rule).isPresent();
    Found found = first.get();
    System.out.printf(
        "%s: without it, %s with seed %d: %s%n%s%n%n",
        rule,
        found.profile(),
        found.seed(),
        found.result().violation().orElseThrow(),
        found.result().transcript().last(LINES));
    assertThat(Trial.run(found.seed(), found.profile(), new ProtocolFactory()).violation())
        .as("the same seed with all rules")
        .isEmpty();
  }

  /** Returns the profiles in which a broken rule is noticed soonest. */
  private static List<Profile> profiles(Rule rule) {
    return switch (rule) {
      case CHECK_GENERATION,
          READ_OWN_GENERATION,
          KEEP_GENERATIONS,
          ONE_GENERATION_PER_CHUNK,
          REBUILD_FROM_NEWEST,
          REFUSE_AFTER_LOOK,
          RESOLVE_GENERATION_BY_SENDING ->
          List.of(Profile.HEAD);
      case TERMINAL_STAYS, FINISH_TERMINAL, CHECK_TERMINAL -> List.of(Profile.SEAL);
      case NUMBERED_LIVES, READ_LIVES, KEEP_TOMBSTONE, RECLAIM_LOWER_LIVES -> List.of(Profile.LIFE);
      case LIST_LOOKS_AGAIN -> List.of(Profile.LIST);
      case CREATE_LOOKS_AGAIN -> List.of(Profile.LIVES);
      case CHECK_OTHER_TOKEN -> List.of(Profile.RIVALS);
      case BOUNDARY_FROM_NEWEST, ORPHANS_BY_GENERATION -> List.of(Profile.RECLAIM);
      default -> List.of(Profile.LOG, Profile.MINI, Profile.SEAL);
    };
  }
}
