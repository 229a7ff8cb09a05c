package ai.starcite.store.s3.internal.protocol;

import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Makes the random tokens by which a writer recognises its own objects. Thread-safe if the
 * generator is.
 */
final class Tokens {
  private final RandomGenerator random;

  Tokens(RandomGenerator random) {
    this.random = random;
  }

  UUID next() {
    return new UUID(random.nextLong(), random.nextLong());
  }
}
