package ai.starcite.store.s3.internal.protocol;

import ai.starcite.store.s3.internal.client.Retry;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** Settings with which much happens in a short run. */
final class TrialSettings {
  private TrialSettings() {}

  static S3Settings draw(RandomGenerator random, Duration grace) {
    return S3Settings.DEFAULT
        .withGrace(grace)
        .withStrict(random.nextInt(10) == 0)
        .withMaintains(random.nextInt(4) > 0)
        .withCompaction(1 + random.nextInt(6), 1 << 20, 200 << random.nextInt(5))
        .withCacheBytes(random.nextBoolean() ? 0 : 1 << 20)
        .withLinger(Duration.ofMillis(random.nextInt(2) * 20))
        .withRetry(new Retry(2 + random.nextInt(3), Duration.ofMillis(20), Duration.ofSeconds(1)));
  }
}
