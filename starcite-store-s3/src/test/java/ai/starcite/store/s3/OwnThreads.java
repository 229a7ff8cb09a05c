package ai.starcite.store.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.stream.Collectors;

/** The threads of stores that were opened since this was made. */
final class OwnThreads {
  private static final long TIMEOUT_MILLIS = 10_000;

  private final Set<Thread> others = named();

  private static Set<Thread> named() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("starcite-s3"))
        .collect(Collectors.toSet());
  }

  Set<Thread> running() {
    Set<Thread> own = named();
    own.removeAll(others);
    return own;
  }

  /** Waits for their end, which may come a little after that of their pool. */
  void assertEnd() {
    for (Thread thread : running()) {
      try {
        thread.join(TIMEOUT_MILLIS);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      assertThat(thread.isAlive()).as("%s is alive", thread).isFalse();
    }
  }
}
