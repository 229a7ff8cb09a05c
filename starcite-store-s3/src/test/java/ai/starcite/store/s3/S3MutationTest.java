package ai.starcite.store.s3;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.store.s3.Trial.Result;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each rule of the protocol is needed, and {@link S3ProtocolTest} would notice if it were broken:
 * without it, a promise is broken within a bounded number of seeds. For a few rules no such seed is
 * known; these are told with the reason, and looked for all the same.
 */
class S3MutationTest {
  private static final int SEEDS = 1_500;
  private static final int SEEDS_IN_VAIN = 20;
  private static final int LINES = 12;

  /** Rules that nothing was ever seen to break without, and why that may be so. */
  private static final Map<Rule, String> QUESTIONED =
      Map.of(
          Rule.CHECK_OTHER_TOKEN,
          "no violation in the model either; kept by reasoning",
          Rule.COMPACT_CHECKED,
          "what is compacted is seen only if its generation is the next one, which it is only if"
              + " the boundary has not moved since the reading",
          Rule.BOUNDARY_FROM_NEWEST,
          "every reclaiming follows a compaction, so that no generation has a higher boundary than"
              + " the newest",
          Rule.ORPHANS_BY_GENERATION,
          "every reclaiming follows a compaction, which takes the number that an old chunk waits"
              + " for");

  private record Found(Profile profile, int seed, Result result) {}

  @ParameterizedTest
  @EnumSource
  @DisplayName("SHR-2: without this rule a promise is broken")
  void isNeeded(Rule rule) {
    String question = QUESTIONED.get(rule);
    Optional<Found> found = hunt(rule, question == null ? SEEDS : SEEDS_IN_VAIN);
    if (question != null) {
      assertThat(found).as("%s was thought not to be needed: %s", rule, question).isEmpty();
      System.out.printf("%s: nothing breaks without it: %s%n%n", rule, question);
      return;
    }
    assertThat(found).as("a seed that breaks a promise without %s", rule).isPresent();
    Found first = found.get();
    System.out.printf(
        "%s: without it, %s with seed %d: %s%n%s%n%n",
        rule,
        first.profile(),
        first.seed(),
        first.result().violation().orElseThrow(),
        first.result().transcript().last(LINES));
    assertThat(Trial.run(first.seed(), first.profile(), Rules.ALL).violation())
        .as("the same seed with all rules")
        .isEmpty();
  }

  private static Optional<Found> hunt(Rule rule, int seeds) {
    Rules rules = Rules.without(rule);
    return IntStream.rangeClosed(1, seeds)
        .boxed()
        .flatMap(seed -> profiles(rule).stream().map(profile -> run(profile, seed, rules)))
        .filter(trial -> trial.result().violation().isPresent())
        .findFirst();
  }

  private static Found run(Profile profile, int seed, Rules rules) {
    return new Found(profile, seed, Trial.run(seed, profile, rules));
  }

  /** Where a rule is missed soonest. */
  private static List<Profile> profiles(Rule rule) {
    return switch (rule) {
      case CHECK_GENERATION,
          READ_OWN_GENERATION,
          KEEP_GENERATIONS,
          ONE_GENERATION_PER_CHUNK,
          REBUILD_FROM_NEWEST,
          REFUSE_AFTER_LOOK,
          SETTLE_GENERATION_BY_SENDING ->
          List.of(Profile.HEAD);
      case TERMINAL_STAYS, FINISH_TERMINAL, CHECK_TERMINAL -> List.of(Profile.SEAL);
      case NUMBERED_LIVES, READ_LIVES, KEEP_TOMBSTONE, RECLAIM_LOWER_LIVES -> List.of(Profile.LIFE);
      case CREATE_LOOKS_AGAIN -> List.of(Profile.LIVES);
      case CHECK_OTHER_TOKEN, COMPACT_CHECKED, BOUNDARY_FROM_NEWEST, ORPHANS_BY_GENERATION ->
          Stream.of(Profile.values()).toList();
      default -> List.of(Profile.LOG, Profile.MINI, Profile.SEAL);
    };
  }
}
