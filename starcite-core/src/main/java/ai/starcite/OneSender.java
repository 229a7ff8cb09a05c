package ai.starcite;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Has one thread at a time take step after step, outside of the lock under which the steps are
 * decided. A thread that finds another one at it leaves the rest to that. A step may come here
 * again, as the code of users does that runs within it. Thread-safe.
 */
final class OneSender {
  private final Object lock;
  private final Supplier<@Nullable Runnable> next;
  private @Nullable Thread sender;

  /** Takes steps until the supplier, which is called under the lock, has none. */
  OneSender(Object lock, Supplier<@Nullable Runnable> next) {
    this.lock = lock;
    this.next = next;
  }

  void advance() {
    boolean isOutermost;
    synchronized (lock) {
      if (sender != null && sender != Thread.currentThread()) {
        return;
      }
      isOutermost = sender == null;
      sender = Thread.currentThread();
    }
    boolean done = false;
    try {
      while (!done) {
        Runnable step;
        synchronized (lock) {
          step = next.get();
          done = step == null;
          if (done && isOutermost) {
            sender = null;
          }
        }
        if (step != null) {
          step.run();
        }
      }
    } finally {
      if (!done && isOutermost) {
        synchronized (lock) {
          sender = null;
        }
      }
    }
  }
}
