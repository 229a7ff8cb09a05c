package ai.starcite.store.s3.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.store.s3.internal.protocol.Trial.Result;
import ai.starcite.testkit.history.Tries;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The protocol alone, checked by a witness that sees every change of the object store: {@link
 * Truth}.
 */
class S3ProtocolTest {
  private static final int SEEDS = 300;
  private static final int LINES = 60;

  @ParameterizedTest
  @EnumSource
  @DisplayName("SHR-1, SHR-2: nothing acknowledged is lost, nothing refused comes back")
  void allRulesKept(Profile profile) {
    Tries.forEachSeed(
        SEEDS,
        seed -> {
          Result result = Trial.run(seed, profile, new ProtocolFactory());
          assertThat(result.violation())
              .as(
                  "seed %d of %s, last requests:%n%s",
                  seed, profile, result.transcript().last(LINES))
              .isEmpty();
          assertThat(Trial.run(seed, profile, new ProtocolFactory()).trace())
              .as("seed %d of %s, when it is repeated", seed, profile)
              .isEqualTo(result.trace());
        });
  }
}
