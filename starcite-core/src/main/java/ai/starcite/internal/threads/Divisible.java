package ai.starcite.internal.threads;

import org.jspecify.annotations.Nullable;

/** Several callbacks in a row, of which one that blocks must not hold up the rest. Thread-safe. */
public interface Divisible extends Runnable {
  /** Takes away what has not begun, to be run elsewhere; null if there is nothing left. */
  @Nullable Divisible rest();
}
