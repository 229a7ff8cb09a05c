package ai.starcite.store.s3.internal.protocol;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Remembers whether the server has lately asked for fewer requests. Thread-safe. */
final class Throttling {
  /** Servers scale up within seconds to minutes. */
  static final Duration LASTS = Duration.ofSeconds(10);

  private final LongSupplier nanoTime;
  private volatile @Nullable Long noted;

  Throttling(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Notes that the server has asked for fewer requests. */
  void note() {
    noted = nanoTime.getAsLong();
  }

  boolean isOn() {
    Long since = noted;
    return since != null && nanoTime.getAsLong() - since < LASTS.toNanos();
  }
}
