package ai.starcite.testkit;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The thread of a store with faults, which starts when it is needed, and ends when it is idle. */
final class FaultThread {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private FaultThread() {}

  static ScheduledExecutorService make() {
    ScheduledThreadPoolExecutor thread =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread made = new Thread(task, "starcite-faults-" + COUNT.incrementAndGet());
              made.setDaemon(true);
              return made;
            });
    thread.setKeepAliveTime(100, TimeUnit.MILLISECONDS);
    thread.allowCoreThreadTimeOut(true);
    return thread;
  }
}
