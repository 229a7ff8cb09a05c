package ai.starcite.internal.threads;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The timer of a log: the scheduler that the user gave, or a thread of its own, which also helps
 * out where the user's scheduler fails. The own thread is started when the log is opened, so that
 * no later lack of threads stops time-outs and retries.
 */
final class LogTimer implements Timer {
  private static final Logger LOG = LoggerFactory.getLogger(LogTimer.class);

  private final @Nullable ScheduledExecutorService given;
  private final ThreadFactory threads;
  private @Nullable ScheduledThreadPoolExecutor own;

  /** What neither scheduler took, to be tried again. */
  private final Queue<Once> missed = new ConcurrentLinkedQueue<>();

  private final AtomicBoolean warned = new AtomicBoolean();
  private volatile boolean closed;

  LogTimer(@Nullable ScheduledExecutorService given, ThreadFactory threads) {
    this.given = given;
    this.threads = threads;
    if (given == null) {
      own();
    }
  }

  private synchronized ScheduledThreadPoolExecutor own() {
    ScheduledThreadPoolExecutor timer = own;
    if (timer == null) {
      timer = new ScheduledThreadPoolExecutor(1, threads);
      timer.setRemoveOnCancelPolicy(true);
      timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
      timer.prestartCoreThread();
      own = timer;
    }
    return timer;
  }

  @Override
  public void after(long nanos, Runnable task) {
    Once once = new Once(task);
    if (!closed && !isScheduled(given, once, nanos) && !isScheduled(null, once, nanos)) {
      missed.add(once);
    }
    retryMissed();
  }

  private boolean isScheduled(@Nullable ScheduledExecutorService scheduler, Once once, long nanos) {
    try {
      (scheduler == null ? own() : scheduler).schedule(once, nanos, TimeUnit.NANOSECONDS);
      return true;
    } catch (RuntimeException | Error e) {
      // Once: a scheduler that was shut down takes none of what may be twenty tasks a second.
      if (!closed && warned.compareAndSet(false, true)) {
        LOG.warn("a scheduler took no task; the log's own timer helps out from now on", e);
      }
      return closed;
    }
  }

  private void retryMissed() {
    for (Once each = missed.poll(); each != null; each = missed.poll()) {
      if (!isScheduled(null, each, 0)) {
        missed.add(each);
        return;
      }
    }
  }

  /** Takes no more tasks, and drops those that wait. */
  synchronized @Nullable ScheduledThreadPoolExecutor close() {
    closed = true;
    missed.clear();
    if (own != null) {
      own.shutdown();
    }
    return own;
  }

  /** A scheduler that threw may have taken the task all the same. */
  private final class Once extends AtomicBoolean implements Runnable {
    private static final long serialVersionUID = 1L;
    private final transient Runnable task;

    Once(Runnable task) {
      this.task = task;
    }

    @Override
    public void run() {
      if (compareAndSet(false, true)) {
        try {
          task.run();
        } catch (RuntimeException | Error e) {
          // The thread must live on: another one might not be had.
          LOG.error("a timed task of the log failed unexpectedly", e);
        }
      }
      retryMissed();
    }
  }
}
