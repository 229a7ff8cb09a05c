package ai.starcite.store.s3.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.testkit.history.Tries;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Whole logs in many processes that share a bucket, sleep for days, and die. */
class S3SimulationTest {
  private static final int SEEDS = 600;

  @Test
  @DisplayName(
      "SHR-2, APP-1 to APP-7, SES-4, TAIL-1, TAIL-2: whatever happens to processes, requests,"
          + " hints")
  void wholeLogs() {
    Tries.forEachSeed(
        SEEDS,
        seed -> {
          long trace = new LogTrial(seed, new ProtocolFactory()).play();
          assertThat(new LogTrial(seed, new ProtocolFactory()).play())
              .as("the trace of seed %d, when it is repeated", seed)
              .isEqualTo(trace);
        });
  }
}
